using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Tests.Unit.Handlers;

/// <summary>A disk that takes in whatever is fetched, and holds nothing else.</summary>
internal sealed class FakeFiles : IArchiveFiles
{
    public IReadOnlyList<ArchiveEntry> Archives { get; init; } = [];

    /// <summary>Whether every torrent that is looked for is there.</summary>
    public bool HoldsAll { get; init; }

    public Task<TorrentContent> Accept(
        Magnetlink magnet,
        CommunityId community,
        ReadOnlyMemory<byte> infoDictionary,
        CancellationToken cancellation
    ) => Task.FromResult(Content(community, magnet.InfoHash));

    public Task<IReadOnlyList<ArchiveEntry>> ReadIndex(TorrentContent torrent, CancellationToken cancellation) => Task.FromResult(Archives);

    public Task Complete(TorrentContent torrent, CancellationToken cancellation) => Task.CompletedTask;

    public Task<TorrentContent?> Find(CommunityId community, InfoHash infoHash, CancellationToken cancellation) =>
        Task.FromResult(HoldsAll ? Content(community, infoHash) : null);

    public Task<CutOutcome> Cut(CutPlan plan, ReadMessages messages, CancellationToken cancellation) => throw new NotSupportedException();

    public IReadOnlyList<CommunityId> ListCommunities() => throw new NotSupportedException();

    public Task<TorrentContent?> FindPresent(CommunityId community, CancellationToken cancellation) => throw new NotSupportedException();

    public IAsyncEnumerable<ArchivedMessage> Extract(TorrentContent torrent, ArchiveEntry entry, CancellationToken cancellation) =>
        throw new NotSupportedException();

    private static TorrentContent Content(CommunityId community, InfoHash infoHash) =>
        new(community, infoHash, Magnetlink.Of(infoHash, community, []), ReadOnlyMemory<byte>.Empty, "/", "data", "index");
}
