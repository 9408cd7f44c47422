using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using EventArchive.Waku;
using Microsoft.Extensions.DependencyInjection;

namespace EventArchive.Tests.Waku;

/// <summary>Metrics of one test's own, and what they counted, by outcome (or by the instrument's name where there is none).</summary>
internal sealed class OutcomeCounts : IDisposable
{
    private readonly ConcurrentDictionary<string, long> counts = new();
    private readonly MeterListener listener = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public OutcomeCounts()
    {
        var meters = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters)
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) =>
                counts.AddOrUpdate(tags.Length > 0 ? (string)tags[0].Value! : instrument.Name, value, (_, sum) => sum + value)
        );
        listener.Start();
        Metrics = new WakuMetrics(meters);
    }

    public WakuMetrics Metrics { get; }

    public long this[string outcome] => counts.GetValueOrDefault(outcome);

    public void Dispose()
    {
        listener.Dispose();
        services.Dispose();
    }
}
