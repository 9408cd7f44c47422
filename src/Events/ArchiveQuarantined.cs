using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>An archive could not be read and was left out of the import; its bytes stay on disk for whoever looks into it.</summary>
public sealed record ArchiveQuarantined(CommunityId CommunityId, InfoHash InfoHash, ArchiveId Archive, string Reason) : IEvent;
