using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>There was no message in [From, To), and no late one, that an archive can hold: the window is closed without one.</summary>
/// <param name="SetAside">The messages of the window, with the reason of each; null if there was none.</param>
public sealed record ArchiveSkipped(CommunityId CommunityId, ulong From, ulong To, IReadOnlyList<SetAsideMessage>? SetAside = null)
    : IEvent;
