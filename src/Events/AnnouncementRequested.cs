using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>
/// The present torrent is to be announced: the community's key signs it next. An auditor may conclude from when on the announcement was owed, not that
/// the key was here.
/// </summary>
public sealed record AnnouncementRequested(CommunityId CommunityId, InfoHash InfoHash, AnnouncementReason Reason) : IEvent;
