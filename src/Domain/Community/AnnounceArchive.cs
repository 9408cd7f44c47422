using EventArchive.Commands;
using EventArchive.Events;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(AnnounceArchive command, Community community)
    {
        community.RequireControlNode();
        if (command.Since is { } since && community.LastClock > since)
            return [];
        if (community.Torrent is not { } torrent || community.Seeders.IsEmpty)
            throw new CommandRefused(
                "nothing_seeded",
                "No torrent of the community is seeded yet: announce it when SeedingStarted has come."
            );
        return community.Requested?.InfoHash == torrent.InfoHash || community.Announcing?.InfoHash == torrent.InfoHash
            ? []
            : [new AnnouncementRequested(command.CommunityId, torrent.InfoHash, AnnouncementReason.Command)];
    }
}
