using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.EventStore;
using FluentValidation;

namespace EventArchive.Handlers;

/// <summary>Command to outcome: validate, load, fold, decide, append with the expected version. No rule lives here.</summary>
public sealed class CommandHandler(
    IEventStore store,
    CommunityLoader communities,
    FactGatherer facts,
    IEnumerable<IValidator> validators,
    TimeProvider time
)
{
    /// <summary>How long a command is decided again because others wrote to its stream in between.</summary>
    public static readonly TimeSpan ConflictDeadline = TimeSpan.FromSeconds(30);

    /// <exception cref="TimeoutException">The stream kept moving until the deadline.</exception>
    public async Task<CommandOutcome> Handle(ICommand command, Guid messageId, Guid? correlationId, CancellationToken cancellation)
    {
        var name = command.GetType().Name;
        if (Invalid(command) is { } invalid)
            return await Record(new Append("", 0, [], messageId, name, correlationId, invalid), cancellation)
                ?? throw new InvalidOperationException("A refusal touches no stream and cannot conflict.");

        var streamId = Community.StreamId(command.CommunityId);
        for (var deadline = time.GetUtcNow() + ConflictDeadline; time.GetUtcNow() < deadline; )
        {
            var (community, version) = await communities.Load(command.CommunityId, cancellation);
            IReadOnlyList<IEvent> events = [];
            Refusal? refusal = null;
            try
            {
                events = Community.Decide(command, community, await facts.Gather(command, community, cancellation));
            }
            catch (CommandRefused refused)
            {
                refusal = new Refusal(refused.Code, refused.Message);
            }
            var append = new Append(streamId, version, events, messageId, name, correlationId, refusal);
            if (await Record(append, cancellation) is { } outcome)
                return outcome;
        }
        throw new TimeoutException($"{name} for {command.CommunityId} met a version conflict for {ConflictDeadline.TotalSeconds} s.");
    }

    private async Task<CommandOutcome?> Record(Append append, CancellationToken cancellation) =>
        await store.Append(append, cancellation) switch
        {
            AppendResult.Appended appended => appended.Outcome,
            AppendResult.Duplicate duplicate => duplicate.Outcome,
            _ => null,
        };

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
