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
