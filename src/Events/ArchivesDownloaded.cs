using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>These archives are on disk, their pieces verified against the torrent.</summary>
/// <param name="Total">Archives in the torrent in all.</param>
public sealed record ArchivesDownloaded(CommunityId CommunityId, InfoHash InfoHash, IReadOnlyList<ArchiveId> Archives, int Total) : IEvent;
