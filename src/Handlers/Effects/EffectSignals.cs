using System.Collections.Frozen;
using EventArchive.Projections;

namespace EventArchive.Handlers;

/// <summary>Wakes this node's workers. A lost or early signal costs one sweep interval, never an effect: the row is what counts.</summary>
public sealed class EffectSignals : IDisposable
{
    private readonly FrozenDictionary<Effect, SemaphoreSlim> signals = Enum.GetValues<Effect>()
        .ToFrozenDictionary(effect => effect, _ => new SemaphoreSlim(0));

    /// <summary>A task for consumers of the bus; nothing is waited for.</summary>
    public Task Wake(Effect effect)
    {
        if (signals[effect].CurrentCount == 0)
            signals[effect].Release();
        return Task.CompletedTask;
    }

    public void WakeAll()
    {
        foreach (var effect in signals.Keys)
            _ = Wake(effect);
    }

    public Task Wait(Effect effect, CancellationToken cancellation) => signals[effect].WaitAsync(cancellation);

    public void Dispose()
    {
        foreach (var signal in signals.Values)
            signal.Dispose();
    }
}
