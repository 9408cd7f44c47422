using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>Every archive of the torrent is imported, quarantined or parked.</summary>
public sealed record HistoryImported(CommunityId CommunityId, InfoHash InfoHash) : IEvent;
