using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The cut is on disk. No torrent: there was no message in the window that an archive can hold.</summary>
public sealed record CompleteArchive(
    CommunityId CommunityId,
    ulong From,
    ulong To,
    CutTorrent? Torrent,
    IReadOnlyList<ArchiveEntry> Archives,
    long Messages,
    IReadOnlyDictionary<string, string> SetAside,
    string Node,
    PeerAddress? Peer
) : IReport;
