using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventArchive.EventStore;

/// <summary>Where each projection of the deployment stands, by the tag <c>projection</c>. Meter: EventArchive.Projections.</summary>
public sealed partial class ProjectionMetrics : BackgroundService
{
    public const string MeterName = "EventArchive.Projections";

    /// <summary>Gauge of the last event handled, its seq_id.</summary>
    public const string Position = "eventarchive.projection.position";

    /// <summary>Gauge of events not yet handled.</summary>
    public const string Behind = "eventarchive.projection.behind";

    /// <summary>Gauge of the moment it moved last, Unix seconds; 0: never yet.</summary>
    public const string LastMoved = "eventarchive.projection.last_moved";

    /// <summary>Gauge: 1 when it stopped at an event or stands still while events wait, else 0.</summary>
    public const string Stopped = "eventarchive.projection.stopped";

    /// <summary>How old the values may be: a gauge must not wait for the database.</summary>
    public static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(5);

    private readonly ProjectionHealth health;
    private readonly TimeProvider time;
    private readonly ILogger<ProjectionMetrics> log;
    private volatile IReadOnlyList<ProjectionStatus> last = [];

    public ProjectionMetrics(IMeterFactory meters, ProjectionHealth health, TimeProvider time, ILogger<ProjectionMetrics> log)
    {
        (this.health, this.time, this.log) = (health, time, log);
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(Position, () => Of(one => one.LastSeq), "{event}", "The last event handled, its seq_id.");
        meter.CreateObservableGauge(Behind, () => Of(one => one.Behind), "{event}", "Events not yet handled.");
        meter.CreateObservableGauge(LastMoved, () => Of(one => one.LastMovedAt?.ToUnixTimeSeconds() ?? 0), "s", "When it moved last.");
        meter.CreateObservableGauge(
            Stopped,
            () => Of(one => one.StoppedReason is not null || one.StandsSince is not null ? 1 : 0),
            "1",
            "Whether it stands while events wait."
        );
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Sample(stoppingToken);
                await Task.Delay(SampleInterval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task Sample(CancellationToken cancellation)
    {
        try
        {
            last = await health.Read(cancellation);
        }
        catch (Exception error) when (error is Npgsql.NpgsqlException or TimeoutException or IOException)
        {
            // The old values stay: that nothing moves any more shows in last_moved.
            LogNotRead(error, error.Message);
        }
    }

    private IEnumerable<Measurement<long>> Of(Func<ProjectionStatus, long> value) =>
        last.Select(one => new Measurement<long>(value(one), new KeyValuePair<string, object?>("projection", one.Name)));

    [LoggerMessage(EventId = 2005, Level = LogLevel.Warning, Message = "Where the projections stand cannot be read: {Reason}")]
    private partial void LogNotRead(Exception error, string reason);
}
