using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>A node serves no torrent of the community any more.</summary>
/// <param name="Retired">It does not come back, nor do its files. False: it left the torrent to another that serves it.</param>
public sealed record ReportSeedingStopped(CommunityId CommunityId, string Node, bool Retired) : IReport;

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
