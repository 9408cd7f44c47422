using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The torrent is on the disk of this node; it holds these archives.</summary>
public sealed record CompleteDownload(
    CommunityId CommunityId,
    InfoHash InfoHash,
    IReadOnlyList<ArchiveId> Archives,
    long DataBytes,
    string? Node = null,
    PeerAddress? Peer = null
) : IReport;
