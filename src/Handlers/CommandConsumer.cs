using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.EventStore;
using MassTransit;

namespace EventArchive.Handlers;

/// <summary>
/// Bus to decision. A sender that gave a response address gets the <see cref="CommandOutcome"/>; a refusal is answered as a fault
/// that carries its code, and is never tried again.
/// </summary>
public sealed class CommandConsumer<TCommand>(CommandHandler handler, TimeProvider time) : IConsumer<TCommand>
    where TCommand : class, ICommand
{
    public async Task Consume(ConsumeContext<TCommand> context)
    {
        var begun = time.GetTimestamp();
        var outcome = context.MessageId is { } messageId
            ? await handler.Handle(context.Message, new Cause(messageId, Actor.Bus, context.CorrelationId), context.CancellationToken)
            : new CommandOutcome(
                Guid.Empty,
                typeof(TCommand).Name,
                [],
                new Refusal("invalid_command", "A command carries a message id, so that it is handled once."),
                time.GetUtcNow()
            );
        if (outcome.Refusal is { } refusal)
        {
            var fault = new CommandRefused(refusal.Code, refusal.Reason);
            fault.Data["code"] = refusal.Code;
            await context.NotifyFaulted(context, time.GetElapsedTime(begun), typeof(TCommand).Name + "Consumer", fault);
        }
        else if (context.ResponseAddress is not null)
        {
            await context.RespondAsync(outcome);
        }
    }
}
