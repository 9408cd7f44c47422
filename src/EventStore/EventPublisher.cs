using EventArchive.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Daemon;
using Marten.Events.Daemon.Internals;
using Marten.Subscriptions;
using Microsoft.Extensions.Logging;

namespace EventArchive.EventStore;

/// <summary>
/// Gives every committed event to the bus, in order and at least once: the subscription's position moves behind what the bus has confirmed.
/// </summary>
/// <param name="publish">Returns when the bus has the event. Throws to be called again, later, with the same event.</param>
public sealed partial class EventPublisher(
    Func<RecordedEvent, CancellationToken, Task> publish,
    TimeProvider time,
    ILogger<EventPublisher> log
) : ISubscription
{
    public const string Name = "publish";

    /// <summary>What a crash publishes again at most, and what waits in memory while the bus is away.</summary>
    public const int BatchEvents = 100;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(8);

    /// <summary>Why the bus does not take the next event at this moment; null: it does, or another node publishes.</summary>
    public string? LastError { get; private set; }

    public void AddTo(StoreOptions options) =>
        options.Events.Subscribe(
            this,
            subscription =>
            {
                subscription.Name = Name;
                subscription.Options.BatchSize = BatchEvents;
            }
        );

    public async Task<IChangeListener> ProcessEventsAsync(
        EventRange page,
        ISubscriptionController controller,
        IDocumentOperations operations,
        CancellationToken cancellationToken
    )
    {
        foreach (var e in page.Events)
        {
            // Not chosen by type: an event of an unknown type must stop this, and not be left out. Marten's tombstones are nobody's events.
            if (e.Data is not IEvent data)
                continue;
            var recorded = e.ToRecorded(data);
            var type = recorded.Event.GetType().Name;
            Steps.Before("publish", type);
            await Publish(recorded, cancellationToken);
            Steps.After("publish", type);
        }
        return NullChangeListener.Instance;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task Publish(RecordedEvent recorded, CancellationToken cancellation)
    {
        for (var delay = FirstDelay; ; delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay)
        {
            try
            {
                await publish(recorded, cancellation);
                LastError = null;
                return;
            }
            catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
            {
                // Whatever the bus throws may be over soon: nothing is left out, and what follows waits.
                LastError = error.Message;
                LogNotPublished(error, recorded.Seq, error.Message);
            }
            await Task.Delay(delay, time, cancellation);
        }
    }

    [LoggerMessage(2003, LogLevel.Warning, "The event with seq_id {Seq} was not published and is tried again soon: {Reason}")]
    private partial void LogNotPublished(Exception error, long seq, string reason);
}
