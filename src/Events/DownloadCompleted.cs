using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>The whole torrent is on disk, synced and verified.</summary>
/// <param name="Node">The node that holds the files; null: an older release did not say.</param>
/// <param name="Peer">Where that node can be asked for them; null if it does not listen.</param>
public sealed record DownloadCompleted(
    CommunityId CommunityId,
    InfoHash InfoHash,
    int ArchiveCount,
    long DataBytes,
    string? Node = null,
    PeerAddress? Peer = null
) : IEvent;
