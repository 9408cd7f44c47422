using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>The cut was given up. The window is still open: a later CreateArchive takes it up again.</summary>
public sealed record ArchiveCreationFailed(CommunityId CommunityId, ulong From, ulong To, string Reason) : IEvent;
