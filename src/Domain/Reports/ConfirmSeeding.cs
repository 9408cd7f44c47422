using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>A node serves the torrent.</summary>
public sealed record ConfirmSeeding(CommunityId CommunityId, InfoHash InfoHash, string Node, PeerAddress? Peer) : IReport;
