using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>A node serves no torrent of the community any more.</summary>
/// <param name="InfoHash">The torrent that it served last.</param>
/// <param name="SeedersLeft">Nodes that have reported the community's present torrent and have not stopped. 0: nobody has; it waits for its first seeder again.</param>
public sealed record SeedingStopped(CommunityId CommunityId, InfoHash InfoHash, string Node, StoppedBecause Reason, int SeedersLeft)
    : IEvent;
