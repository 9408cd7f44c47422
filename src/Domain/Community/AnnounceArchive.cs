using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(AnnounceArchive command, Community community, Facts facts)
    {
        community.RequireControlNode();
        if (command.Since is { } since && community.LastClock > since)
            return [];
        if (community.Torrent is null || community.Seeders.IsEmpty)
            throw new CommandRefused(
                "nothing_seeded",
                "No torrent of the community is seeded yet: announce it when SeedingStarted has come."
            );
        return community.Announcing?.InfoHash == community.Torrent.InfoHash ? [] : [community.Announce(community.Seeders.Values, facts)];
    }

    private AnnouncementPrepared Announce(IEnumerable<PeerAddress?> peers, Facts facts)
    {
        var sign =
            facts.Sign
            ?? throw new CommandRefused(
                "key_missing",
                $"The private key of community {Id} is not on this node: import it with keys import."
            );
        var clock = Clock.After(HighestClock, facts.Now);
        var magnetlink = Torrent!.Magnetlink.WithPeers(peers.OfType<PeerAddress>());
        return new AnnouncementPrepared(Id!, clock, Torrent.InfoHash, magnetlink, sign(clock, magnetlink));
    }
}
