using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>A started engine that listens on a free port of 127.0.0.1.</summary>
public static class Engine
{
    public static async Task<LibtorrentEngine> Start(BitTorrentOptions? options = null)
    {
        var engine = new LibtorrentEngine(
            Options.Create(options ?? new BitTorrentOptions()),
            TimeProvider.System,
            NullLogger<LibtorrentEngine>.Instance
        );
        await engine.StartAsync(TestContext.Current.CancellationToken);
        return engine;
    }

    /// <summary>Downloads everything, in whatever order.</summary>
    public static Task Download(
        this LibtorrentEngine engine,
        TorrentContent torrent,
        IReadOnlyList<PeerAddress> peers,
        IProgress<TorrentProgress> progress,
        CancellationToken cancellation
    ) => engine.Download(torrent, peers, DataChoice.All, progress, cancellation);
}
