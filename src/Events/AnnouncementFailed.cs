using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>No Waku node took the announcement in any of the tries. AnnounceArchive makes a new one, with a new clock.</summary>
public sealed record AnnouncementFailed(CommunityId CommunityId, Clock Clock, InfoHash InfoHash, string Reason) : IEvent;
