using EventArchive.Events;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(ReportSeedingStopped command, Community community)
    {
        // Whoever made the torrent serves it without a word until a seeder has confirmed, and its files go with it.
        var maker = command.Retired && community.Torrent?.Node == command.Node ? community.Torrent : null;
        if ((community.Serving.GetValueOrDefault(command.Node) ?? maker?.InfoHash) is not { } served)
            return [];
        var left = community.Seeders.Remove(command.Node).Count;
        var reason = command.Retired ? StoppedBecause.NodeRetired : StoppedBecause.TakenOver;
        return [new SeedingStopped(command.CommunityId, served, command.Node, reason, left)];
    }

    private Community Evolve(SeedingStopped e) =>
        this with
        {
            Serving = Serving.Remove(e.Node),
            Seeders = Seeders.Remove(e.Node),
            Torrent =
                e.Reason is StoppedBecause.NodeRetired && Torrent?.Node == e.Node ? Torrent with { Node = null, Peer = null } : Torrent,
            // The magnets that were announced name nobody who is there: the next seeder is announced.
            LastAnnounced = e.SeedersLeft == 0 ? null : LastAnnounced,
            Requested = e.SeedersLeft == 0 ? null : Requested,
        };
}
