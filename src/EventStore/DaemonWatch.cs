using System.Threading.Channels;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Microsoft.Extensions.Logging;

namespace EventArchive.EventStore;

/// <summary>Says in one line why a projection stopped, and keeps at which event: the daemon itself keeps neither.</summary>
public sealed partial class DaemonWatch(
    Marten.Events.Daemon.Coordination.IProjectionCoordinator coordinator,
    ProjectionFailures failures,
    ILogger<DaemonWatch> log
) : IObserver<ShardState>, IDisposable
{
    /// <summary>One for each projection is enough; more only say the same.</summary>
    private const int MaxWaiting = 100;

    private readonly Channel<(string Shard, long Seq, string Reason)> stopped = Channel.CreateBounded<(string, long, string)>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest }
    );

    private IDisposable? subscription;

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

    /// <summary>Records what has come. What an error keeps from it comes again: the daemon tries the event again.</summary>
    public async Task Record(CancellationToken cancellation)
    {
        subscription ??= coordinator.DaemonForMainDatabase().Tracker.Subscribe(this);
        while (stopped.Reader.TryRead(out var one))
        {
            var (name, seq, reason) = (one.Shard.Split(':')[0], one.Seq, one.Reason);
            // Of a type that it does not know Marten says neither the number nor the stored name.
            if (seq <= 0 && await failures.FindUnknown(one.Shard, cancellation) is { } unknown)
                (seq, reason) = (unknown.Seq, $"this version knows no event named '{unknown.Type}'. Run the version that wrote it.");
            LogStopped(name, seq, reason);
            await failures.Record(name, seq, reason, cancellation);
        }
    }

    public Task Wait(CancellationToken cancellation) => stopped.Reader.WaitToReadAsync(cancellation).AsTask();

    public void Dispose() => subscription?.Dispose();

    [LoggerMessage(
        2002,
        LogLevel.Critical,
        "Projection {Name} stopped at the event with seq_id {Seq}: {Reason} The others go on. It is tried again every few seconds. To go on without the event, on record: eventarchive projections skip {Seq} --reason TEXT"
    )]
    private partial void LogStopped(string name, long seq, string reason);

    [LoggerMessage(2007, LogLevel.Warning, "Projection {Name} stopped: {Reason} It is tried again every few seconds.")]
    private partial void LogPaused(string name, string reason);
}
