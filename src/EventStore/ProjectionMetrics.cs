using System.Diagnostics.Metrics;

namespace EventArchive.EventStore;

/// <summary>Where each projection of the deployment stands, by the tag <c>projection</c>. Meter: EventArchive.Projections.</summary>
public sealed class ProjectionMetrics
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
    private volatile IReadOnlyList<ProjectionStatus> last = [];

    public ProjectionMetrics(IMeterFactory meters, ProjectionHealth health)
    {
        this.health = health;
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

    /// <summary>When it fails the old values stay: that nothing moves any more shows in last_moved.</summary>
    public async Task Sample(CancellationToken cancellation) => last = await health.Read(cancellation);

    private IEnumerable<Measurement<long>> Of(Func<ProjectionStatus, long> value) =>
        last.Select(one => new Measurement<long>(value(one), new KeyValuePair<string, object?>("projection", one.Name)));
}
