using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>The download is no longer wanted: a newer torrent took its place.</summary>
public sealed record DownloadCancelled(CommunityId CommunityId, InfoHash InfoHash, InfoHash ReplacedBy) : IEvent;
