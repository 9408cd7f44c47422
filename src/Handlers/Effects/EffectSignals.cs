using System.Collections.Concurrent;
using EventArchive.Projections;

namespace EventArchive.Handlers;

/// <summary>Wakes this node's workers. A lost or early signal costs one sweep interval, never an effect: the row is what counts.</summary>
public sealed class EffectSignals : IDisposable
{
    private readonly ConcurrentDictionary<Effect, SemaphoreSlim> signals = new();

    public Task Wake(Effect effect)
    {
        var signal = Of(effect);
        if (signal.CurrentCount == 0)
            signal.Release();
        return Task.CompletedTask;
    }

    public Task Wait(Effect effect, CancellationToken cancellation) => Of(effect).WaitAsync(cancellation);

    public void Dispose()
    {
        foreach (var signal in signals.Values)
            signal.Dispose();
    }

    private SemaphoreSlim Of(Effect effect) => signals.GetOrAdd(effect, _ => new SemaphoreSlim(0));
}
