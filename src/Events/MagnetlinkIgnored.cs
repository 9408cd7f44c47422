using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>A message that the community's key did sign was left unheeded.</summary>
public sealed record MagnetlinkIgnored(CommunityId CommunityId, Clock Clock, InfoHash InfoHash, IgnoredBecause Reason) : IEvent;
