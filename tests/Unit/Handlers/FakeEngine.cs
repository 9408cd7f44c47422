using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Tests.Unit.Domain;

namespace EventArchive.Tests.Unit.Handlers;

/// <summary>Does nothing and keeps what it was asked for.</summary>
internal sealed class FakeEngine : ITorrentEngine
{
    public PeerAddress? Peer { get; init; } = Sample.Peer(3);

    /// <summary>The progress of a download.</summary>
    public TorrentProgress Told { get; init; } = new(0, 0, 0, []);

    public IReadOnlyList<PeerAddress> Asked { get; private set; } = [];

    public List<InfoHash> Seeded { get; } = [];

    public List<InfoHash> Stopped { get; } = [];

    public Task Seed(TorrentContent torrent, CancellationToken cancellation)
    {
        Seeded.Add(torrent.InfoHash);
        return Task.CompletedTask;
    }

    public Task<byte[]> FetchMetadata(Magnetlink magnet, CancellationToken cancellation)
    {
        Asked = magnet.Peers;
        return Task.FromResult<byte[]>([]);
    }

    public Task DownloadIndex(TorrentContent torrent, IReadOnlyList<PeerAddress> peers, CancellationToken cancellation) =>
        Task.CompletedTask;

    public Task Download(
        TorrentContent torrent,
        IReadOnlyList<PeerAddress> peers,
        DataChoice choice,
        IProgress<TorrentProgress> progress,
        CancellationToken cancellation
    )
    {
        progress.Report(Told);
        return Task.CompletedTask;
    }

    public Task Verify(InfoHash infoHash, IProgress<long> progress, CancellationToken cancellation) => Task.CompletedTask;

    public Task Stop(InfoHash infoHash, CancellationToken cancellation)
    {
        Stopped.Add(infoHash);
        return Task.CompletedTask;
    }

    public IReadOnlyList<TorrentStatus> List() => [];

    public IReadOnlyList<TorrentStatus> List(CommunityId community) => [];
}
