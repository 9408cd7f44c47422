using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>
/// These archives are encrypted with keys that are not here, and were left out of the import. They are on disk and seeded; when one of the keys is
/// imported, or a newer torrent has come, ImportStarted takes them up again.
/// </summary>
public sealed record ArchivesParked(CommunityId CommunityId, InfoHash InfoHash, IReadOnlyList<ParkedArchive> Archives) : IEvent;
