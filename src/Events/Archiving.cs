using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>
/// The service decided to cut [From, To) and pinned the whole input: whoever cuts, and however often, writes the same bytes.
/// </summary>
/// <param name="From">First second of the cut, Unix seconds.</param>
/// <param name="To">First second after the cut, Unix seconds.</param>
/// <param name="PartitionSeconds">Length of one archive's window.</param>
/// <param name="HighestMessageNumber">Messages recorded under a higher number are not part of this cut.</param>
/// <param name="Parent">The torrent that this one continues; null for the first.</param>
/// <param name="CommittedBytes">Length of <c>data</c> that the parent covers; the cut begins there.</param>
/// <param name="ClosedWindows">The windows before From, oldest first: a late message gets an archive of its own window. Null: the cut takes none.</param>
/// <param name="TakenMessages">What earlier cuts took. Every other message before From is late, and part of this cut. Null: as ClosedWindows.</param>
/// <param name="Sealing">How archives and index are encrypted. Null: they are in the clear.</param>
public sealed record ArchiveCreationStarted(
    CommunityId CommunityId,
    ulong From,
    ulong To,
    uint PartitionSeconds,
    IReadOnlyList<ContentTopic> ContentTopics,
    long HighestMessageNumber,
    InfoHash? Parent,
    long CommittedBytes,
    IReadOnlyList<ClosedWindows>? ClosedWindows = null,
    IReadOnlyList<TakenMessages>? TakenMessages = null,
    ArchiveSealing? Sealing = null
) : IEvent;

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

/// <summary>A recorded message that was left out of the archive of its window.</summary>
/// <param name="Hash">The Waku message hash as 0x-hex.</param>
public sealed record SetAsideMessage(string Hash, string Reason);

/// <summary>There was no message in [From, To), and no late one, that an archive can hold: the window is closed without one.</summary>
/// <param name="SetAside">The messages of the window, with the reason of each; null if there was none.</param>
public sealed record ArchiveSkipped(CommunityId CommunityId, ulong From, ulong To, IReadOnlyList<SetAsideMessage>? SetAside = null)
    : IEvent;

/// <summary>The cut was given up. The window is still open: a later CreateArchive takes it up again.</summary>
public sealed record ArchiveCreationFailed(CommunityId CommunityId, ulong From, ulong To, string Reason) : IEvent;

/// <summary>
/// A node serves the torrent: its pieces were verified against the .torrent. Until SeedingStopped names the node it serves the torrent of its last
/// SeedingStarted, as far as it is known here: whether it is there at this moment is no event.
/// </summary>
public sealed record SeedingStarted(CommunityId CommunityId, InfoHash InfoHash, string Node, PeerAddress? Peer) : IEvent;

/// <summary>A node serves no torrent of the community any more.</summary>
/// <param name="InfoHash">The torrent that it served last.</param>
/// <param name="SeedersLeft">Nodes that have reported the community's present torrent and have not stopped. 0: nobody has; it waits for its first seeder again.</param>
public sealed record SeedingStopped(CommunityId CommunityId, InfoHash InfoHash, string Node, StoppedBecause Reason, int SeedersLeft)
    : IEvent;

/// <summary>Why a node stopped. Stored as a number: new reasons go to the end.</summary>
public enum StoppedBecause
{
    /// <summary>The node was taken out of the deployment, and its files with it.</summary>
    NodeRetired = 0,

    /// <summary>The node is no seeder any more and has the files still; another serves them.</summary>
    TakenOver = 1,
}
