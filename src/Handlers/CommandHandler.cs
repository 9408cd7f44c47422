using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using FluentValidation;

namespace EventArchive.Handlers;

/// <summary>Command to outcome: validate, fetch the community, decide, store everything in one transaction. No rule lives here.</summary>
public sealed class CommandHandler(CommunityStore store, FactGatherer facts, IEnumerable<IValidator> validators, TimeProvider time)
{
    /// <summary>How long a command is decided again because others wrote to its stream in between.</summary>
    public static readonly TimeSpan ConflictDeadline = TimeSpan.FromSeconds(30);

    /// <exception cref="TimeoutException">The stream kept moving until the deadline.</exception>
    public async Task<CommandOutcome> Handle(ICommand command, Cause cause, CancellationToken cancellation)
    {
        var invalid = Invalid(command);
        for (var deadline = time.GetUtcNow() + ConflictDeadline; time.GetUtcNow() < deadline; )
        {
            // What is invalid is decided without the community.
            await using var work = await store.Begin(invalid is null ? command.CommunityId : null, cause.MessageId, cancellation);
            if (work.Outcome is { } earlier)
                return earlier;
            var (events, refusal) = invalid is null ? await Decide(command, work.Community, cancellation) : ([], invalid);
            var decision = new Decision(events, command.GetType().Name, cause.Actor, cause.CorrelationId, cause.EventId, refusal);
            if (await work.Commit(decision, cancellation) is { } outcome)
                return outcome;
        }
        throw new TimeoutException(
            $"{command.GetType().Name} for {command.CommunityId} met a version conflict for {ConflictDeadline.TotalSeconds} s."
        );
    }

    private async Task<(IReadOnlyList<IEvent> Events, Refusal? Refusal)> Decide(
        ICommand command,
        Community community,
        CancellationToken cancellation
    )
    {
        try
        {
            return (Community.Decide(command, community, await facts.Gather(command, community, cancellation)), null);
        }
        catch (CommandRefused refused)
        {
            return ([], new Refusal(refused.Code, refused.Message));
        }
    }

    private Refusal? Invalid(ICommand command)
    {
        var faults = validators
            .Where(validator => validator.CanValidateInstancesOfType(command.GetType()))
            .SelectMany(validator => validator.Validate(new ValidationContext<object>(command)).Errors)
            .Select(fault => $"{fault.PropertyName}: {fault.ErrorMessage}")
            .ToArray();
        return faults.Length > 0 ? new Refusal("invalid_command", string.Join(" ", faults))
            : command.CommunityId is null ? new Refusal("invalid_command", "CommunityId: must not be empty.")
            : null;
    }
}
