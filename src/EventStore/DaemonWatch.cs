using System.Threading.Channels;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EventArchive.EventStore;

/// <summary>Says in one line why a projection stopped, and keeps at which event: the daemon itself keeps neither.</summary>
public sealed partial class DaemonWatch(
    Marten.Events.Daemon.Coordination.IProjectionCoordinator coordinator,
    ProjectionFailures failures,
    ILogger<DaemonWatch> log
) : BackgroundService, IObserver<ShardState>
{
    /// <summary>One for each projection is enough; more only say the same.</summary>
    private const int MaxWaiting = 100;

    private readonly Channel<(string Shard, long Seq, string Reason)> stopped = Channel.CreateBounded<(string, long, string)>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest }
    );

    public void OnNext(ShardState value)
    {
        if (value.Exception is not { } error)
            return;
        for (var at = error; at is not null; at = at.InnerException)
        {
            if (at is not IEventFailureContext failure)
                continue;
            stopped.Writer.TryWrite((value.ShardName, failure.Sequence, (at.InnerException ?? at).Message));
            return;
        }
        // No event's fault: the database is away, or refuses. What another process moved is taken up again.
        if (value.Failure?.Category != ShardFailureCategory.ProgressionOutOfOrder)
            LogPaused(value.ShardName.Split(':')[0], error.GetBaseException().Message.Split('\n')[0]);
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = coordinator.DaemonForMainDatabase().Tracker.Subscribe(this);
        await foreach (var (shard, failed, text) in stopped.Reader.ReadAllAsync(stoppingToken))
        {
            var (name, seq, reason) = (shard.Split(':')[0], failed, text);
            try
            {
                // Of a type that it does not know Marten says neither the number nor the stored name.
                if (failed <= 0 && await failures.FindUnknown(shard, stoppingToken) is { } unknown)
                    (seq, reason) = (unknown.Seq, $"this version knows no event named '{unknown.Type}'. Run the version that wrote it.");
                LogStopped(name, seq, reason);
                await failures.Record(name, seq, reason, stoppingToken);
            }
            catch (NpgsqlException error)
            {
                // The daemon tries the event again, and this comes again.
                LogNotRecorded(error, name, seq);
            }
        }
    }

    [LoggerMessage(
        2002,
        LogLevel.Critical,
        "Projection {Name} stopped at the event with seq_id {Seq}: {Reason} The others go on. It is tried again every few seconds. To go on without the event, on record: eventarchive projections skip {Seq} --reason TEXT"
    )]
    private partial void LogStopped(string name, long seq, string reason);

    [LoggerMessage(2007, LogLevel.Warning, "Projection {Name} stopped: {Reason} It is tried again every few seconds.")]
    private partial void LogPaused(string name, string reason);

    [LoggerMessage(2004, LogLevel.Warning, "That projection {Name} stopped at event {Seq} could not be recorded")]
    private partial void LogNotRecorded(Exception error, string name, long seq);
}
