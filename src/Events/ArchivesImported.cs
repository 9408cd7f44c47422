using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>The messages of these archives are in the message table.</summary>
/// <param name="Messages">Messages that were new.</param>
/// <param name="Repeats">Messages that the table held already; each hash is stored once.</param>
public sealed record ArchivesImported(
    CommunityId CommunityId,
    InfoHash InfoHash,
    IReadOnlyList<ArchiveId> Archives,
    long Messages,
    long Repeats
) : IEvent;
