using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(ConfirmSeeding command, Community community, Facts facts)
    {
        // A seeder of a torrent that was replaced meanwhile is no news.
        if (community.Torrent?.InfoHash != command.InfoHash)
            return [];
        if (community.Seeders.TryGetValue(command.Node, out var known) && known == command.Peer)
            return [];
        var seeding = new SeedingStarted(command.CommunityId, command.InfoHash, command.Node, command.Peer);
        var announce = community.ControlNode && community.LastAnnounced != command.InfoHash && facts.Sign is not null;
        return announce ? [seeding, community.Announce([command.Peer], facts)] : [seeding];
    }
}
