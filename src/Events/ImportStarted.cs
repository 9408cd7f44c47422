using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>The service decided to import these archives, those of the torrent that were not imported before.</summary>
public sealed record ImportStarted(CommunityId CommunityId, InfoHash InfoHash, IReadOnlyList<ArchiveId> Archives) : IEvent;
