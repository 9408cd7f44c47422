using EventArchive.Model;

namespace EventArchive.BitTorrent;

/// <summary>What concerns one torrent happens one after another; different torrents do not wait for each other.</summary>
internal sealed class InfoHashGates
{
    private readonly Dictionary<InfoHash, Gate> gates = [];

    public async Task<IDisposable> Enter(InfoHash infoHash, CancellationToken cancellation)
    {
        Gate gate;
        lock (gates)
        {
            if (!gates.TryGetValue(infoHash, out gate!))
                gates.Add(infoHash, gate = new Gate(this, infoHash));
            gate.Users++;
        }
        try
        {
            await gate.Open.WaitAsync(cancellation);
            return gate;
        }
        catch (OperationCanceledException)
        {
            Leave(gate);
            throw;
        }
    }

    private void Leave(Gate gate)
    {
        lock (gates)
        {
            if (--gate.Users == 0)
                gates.Remove(gate.InfoHash);
        }
    }

    private sealed class Gate(InfoHashGates gates, InfoHash infoHash) : IDisposable
    {
        public InfoHash InfoHash { get; } = infoHash;

        public SemaphoreSlim Open { get; } = new(1);

        public int Users { get; set; }

        public void Dispose()
        {
            Open.Release();
            gates.Leave(this);
        }
    }
}
