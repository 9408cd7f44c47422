using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>The service decided to fetch a torrent of the community.</summary>
public sealed record DownloadStarted(CommunityId CommunityId, InfoHash InfoHash, Magnetlink Magnetlink) : IEvent;
