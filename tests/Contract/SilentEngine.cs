using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Tests.Contract;

/// <summary>A node that does not listen. For effects that ask no more of the engine than where it can be reached.</summary>
internal sealed class SilentEngine : ITorrentEngine
{
    public PeerAddress? Peer => null;

    public Task Seed(TorrentContent torrent, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<byte[]> FetchMetadata(Magnetlink magnet, CancellationToken cancellation) => throw new NotSupportedException();

    public Task DownloadIndex(TorrentContent torrent, IReadOnlyList<PeerAddress> peers, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task Download(
        TorrentContent torrent,
        IReadOnlyList<PeerAddress> peers,
        DataChoice choice,
        IProgress<TorrentProgress> progress,
        CancellationToken cancellation
    ) => throw new NotSupportedException();

    public Task Verify(InfoHash infoHash, IProgress<long> progress, CancellationToken cancellation) => throw new NotSupportedException();

    public Task Stop(InfoHash infoHash, CancellationToken cancellation) => throw new NotSupportedException();

    public IReadOnlyList<TorrentStatus> List() => [];

    public IReadOnlyList<TorrentStatus> List(CommunityId community) => [];
}
