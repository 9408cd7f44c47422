using System.Diagnostics;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Hands every event to the bus, in order, each before the checkpoint passes it: at least once, never before its commit.</summary>
internal sealed class PublishHandler(Func<RecordedEvent, CancellationToken, Task> publish) : IEventHandler
{
    /// <summary>After this the checkpoint is moved, however slow the bus is: the transaction must not be ended for its idleness.</summary>
    private static readonly TimeSpan MaxTurn = TimeSpan.FromSeconds(10);

    public string Name => Subscriptions.Publish;

    public int BatchSize => 100;

    public bool HasEffects => true;

    public string[] Unread => [];

    public async Task<Handled> Handle(
        IReadOnlyList<EventRow> events,
        NpgsqlConnection connection,
        NpgsqlBatch writes,
        CancellationToken cancellation
    )
    {
        var started = Stopwatch.GetTimestamp();
        for (var count = 0; count < events.Count; count++)
        {
            if (Stopwatch.GetElapsedTime(started) > MaxTurn)
                return new(count);
            try
            {
                var recorded = events[count].ToRecorded();
                var type = recorded.Event.GetType().Name;
                CrashPoint.Before("publish", type);
                await publish(recorded, cancellation);
                CrashPoint.After("publish", type);
            }
            catch (UnreadableEventException fault)
            {
                return new(count, new UnhandledEventException(fault.SeqId, fault.Reason, fault));
            }
            catch (Exception fault)
            {
                // Whatever the bus throws may be over soon; only the publisher can say that an event will never pass.
                return new(count, fault);
            }
        }
        return new(events.Count);
    }
}
