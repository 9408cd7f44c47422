using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>
/// A node serves the torrent: its pieces were verified against the .torrent. Until SeedingStopped names the node it serves the torrent of its last
/// SeedingStarted, as far as it is known here: whether it is there at this moment is no event.
/// </summary>
public sealed record SeedingStarted(CommunityId CommunityId, InfoHash InfoHash, string Node, PeerAddress? Peer) : IEvent;
