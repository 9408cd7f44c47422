using System.Collections.Concurrent;
using EventArchive.Handlers;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>Keeps every report, in order; <see cref="Progress{T}"/> would lose the order.</summary>
public sealed class Reports : IProgress<TorrentProgress>
{
    private readonly ConcurrentQueue<TorrentProgress> all = new();

    public IReadOnlyList<TorrentProgress> All => [.. all];

    public void Report(TorrentProgress value) => all.Enqueue(value);
}
