using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>The download was given up. A magnetlink message with a higher clock starts it again.</summary>
public sealed record DownloadFailed(CommunityId CommunityId, InfoHash InfoHash, string Reason) : IEvent;
