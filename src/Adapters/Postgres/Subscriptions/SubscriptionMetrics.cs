using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventArchive.Postgres;

/// <summary>Where each subscription of the deployment stands, by the tag <c>subscription</c>. Meter: EventArchive.Subscriptions.</summary>
public sealed partial class SubscriptionMetrics : BackgroundService
{
    public const string MeterName = "EventArchive.Subscriptions";

    /// <summary>Gauge of the last event handled, its seq_id.</summary>
    public const string Position = "eventarchive.subscription.position";

    /// <summary>Gauge of events not yet handled.</summary>
    public const string Behind = "eventarchive.subscription.behind";

    /// <summary>Gauge of the moment the checkpoint moved last, Unix seconds; 0: never yet.</summary>
    public const string LastMoved = "eventarchive.subscription.last_moved";

    /// <summary>Gauge: 1 when it stopped at an event or stands still while events wait, else 0.</summary>
    public const string Stopped = "eventarchive.subscription.stopped";

    /// <summary>How old the values may be: a gauge must not wait for the database.</summary>
    public static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(5);

    private readonly SubscriptionHealth health;
    private readonly TimeProvider time;
    private readonly ILogger<SubscriptionMetrics> log;
    private volatile IReadOnlyList<SubscriptionStatus> last = [];

    public SubscriptionMetrics(IMeterFactory meters, SubscriptionHealth health, TimeProvider time, ILogger<SubscriptionMetrics> log)
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
        catch (Exception fault) when (DatabaseFault.Is(fault))
        {
            // The old values stay: that nothing moves any more shows in last_moved.
            LogNotRead(fault, fault.Message);
        }
    }

    private IEnumerable<Measurement<long>> Of(Func<SubscriptionStatus, long> value) =>
        last.Select(one => new Measurement<long>(value(one), new KeyValuePair<string, object?>("subscription", one.Name)));

    [LoggerMessage(EventId = 2004, Level = LogLevel.Warning, Message = "Where the subscriptions stand cannot be read: {Reason}")]
    private partial void LogNotRead(Exception fault, string reason);
}
