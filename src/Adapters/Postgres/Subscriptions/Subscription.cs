using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// Handles all events in order from a checkpoint. One instance among all nodes runs it at a time; when that one dies, another goes on.
/// A database that is away is waited for; an event that cannot be handled stops this subscription alone, on every node, until someone retries
/// or skips it (<see cref="SubscriptionFaults"/>) or a node starts, perhaps with a version that can.
/// </summary>
public sealed partial class Subscription : BackgroundService
{
    /// <summary>How often it looks without having been woken.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private readonly IEventHandler handler;
    private readonly SubscriptionBatch batch;
    private readonly Signal events;
    private readonly TimeProvider time;
    private readonly ILogger<Subscription> log;

    internal Subscription(
        IEventHandler handler,
        NpgsqlDataSource source,
        Notifications notifications,
        TimeProvider time,
        ILogger<Subscription> log
    )
    {
        this.handler = handler;
        batch = new SubscriptionBatch(handler, source);
        events = notifications.Events;
        this.time = time;
        this.log = log;
    }

    public string Name => handler.Name;

    /// <summary>The failure it is waiting out at present; null when all is well.</summary>
    public string? LastError { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        // Once after a start, the event at which it stopped is tried again.
        var despiteFault = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            var seen = events.Count;
            try
            {
                var turn = await batch.Handle(handler.BatchSize, despiteFault, stoppingToken);
                despiteFault = false;
                failures = 0;
                LastError = null;
                if (turn == Turn.CaughtUp)
                    await events.Wait(seen, PollInterval, stoppingToken);
                else if (turn == Turn.NotOurs)
                    await Task.Delay(PollInterval, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (UnhandledEventException fault)
            {
                despiteFault = false;
                LogStopped(fault, Name, fault.SeqId, fault.Reason);
            }
            catch (Exception fault)
            {
                // The database, or for "publish" the bus: both come back, and nothing has been passed over.
                LastError = fault.Message;
                LogRestart(fault, Name, fault.Message);
                await RestartDelay.Wait(failures++, time, stoppingToken);
            }
        }
    }

    [LoggerMessage(
        EventId = 2002,
        Level = LogLevel.Critical,
        Message = "Subscription {Name} stopped at the event with seq_id {SeqId}: {Reason} The others go on. When it is mended: eventarchive projections retry {Name}. To go on without it, on record: eventarchive projections skip {Name} {SeqId} --reason TEXT."
    )]
    private partial void LogStopped(Exception fault, string name, long seqId, string reason);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "Subscription {Name} failed and tries again soon: {Reason}")]
    private partial void LogRestart(Exception fault, string name, string reason);
}
