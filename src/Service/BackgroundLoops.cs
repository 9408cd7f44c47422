using System.Diagnostics.Metrics;

namespace EventArchive.Service;

/// <summary>The one hosted service that runs in the background: all loops of <see cref="LoopList"/>, beside each other. Meter: EventArchive.Loops.</summary>
public sealed class BackgroundLoops : BackgroundService
{
    public const string MeterName = "EventArchive.Loops";

    /// <summary>Gauge of failed turns in a row, by the tag <c>loop</c>.</summary>
    public const string Failures = "eventarchive.loop.failures";

    /// <summary>Gauge of seconds since the last good turn, by the tag <c>loop</c>.</summary>
    public const string SecondsSinceTurn = "eventarchive.loop.seconds_since_turn";

    private readonly IReadOnlyList<BackgroundLoop> loops;

    public BackgroundLoops(IEnumerable<BackgroundLoop> loops, IMeterFactory? meters = null)
    {
        this.loops = [.. loops];
        if (meters?.Create(MeterName) is not { } meter)
            return;
        meter.CreateObservableGauge(Failures, () => Of(loop => loop.Failures), "{turn}", "Failed turns in a row.");
        meter.CreateObservableGauge(
            SecondsSinceTurn,
            () => Of(loop => loop.SinceTurn?.TotalSeconds ?? 0),
            "s",
            "Time since the last good turn."
        );
    }

    /// <summary>What fails or stands still.</summary>
    public IEnumerable<BackgroundLoop> Troubled => loops.Where(loop => loop.Problem is not null);

    // Each on its own: one that blocks its thread holds up no other.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(loops.Select(loop => Task.Run(() => loop.Run(stoppingToken), CancellationToken.None)));

    private IEnumerable<Measurement<double>> Of(Func<BackgroundLoop, double> value) =>
        loops.Select(loop => new Measurement<double>(value(loop), new KeyValuePair<string, object?>("loop", loop.Name)));
}
