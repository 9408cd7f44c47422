using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>The cut is on disk, synced and complete: data, index and .torrent. An auditor may recompute the info-hash from the recorded messages.</summary>
/// <param name="Magnetlink">Without peers, as status-go writes it.</param>
/// <param name="Archives">The archives this cut added; those of late messages have windows before From.</param>
/// <param name="ArchiveCount">Archives in the torrent in all.</param>
/// <param name="DataBytes">Length of <c>data</c> that the torrent covers.</param>
/// <param name="Messages">Messages in the added archives.</param>
/// <param name="SetAside">Messages of the window, and late ones, that no archive can hold, with the reason.</param>
/// <param name="Node">The node that holds the files.</param>
/// <param name="Peer">Where that node can be asked for them; null if it does not listen.</param>
public sealed record ArchiveCreated(
    CommunityId CommunityId,
    ulong From,
    ulong To,
    InfoHash InfoHash,
    Magnetlink Magnetlink,
    IReadOnlyList<ArchiveEntry> Archives,
    int ArchiveCount,
    long DataBytes,
    long Messages,
    IReadOnlyList<SetAsideMessage> SetAside,
    string Node,
    PeerAddress? Peer
) : IEvent;
