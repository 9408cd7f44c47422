using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>A node serves the torrent.</summary>
public sealed record ConfirmSeeding(CommunityId CommunityId, InfoHash InfoHash, string Node, PeerAddress? Peer) : IReport;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(ConfirmSeeding command, Community community)
    {
        // A seeder of a torrent that was replaced meanwhile is no news.
        if (community.Torrent?.InfoHash != command.InfoHash)
            return [];
        if (community.Seeders.TryGetValue(command.Node, out var known) && known == command.Peer)
            return [];
        var seeding = new SeedingStarted(command.CommunityId, command.InfoHash, command.Node, command.Peer);
        var announce =
            community.ControlNode && community.LastAnnounced != command.InfoHash && community.Requested?.InfoHash != command.InfoHash;
        return announce
            ? [seeding, new AnnouncementRequested(command.CommunityId, command.InfoHash, AnnouncementReason.FirstSeeding)]
            : [seeding];
    }
}
