using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(RestoreArchive command, Community community)
    {
        community.RequireControlNode();
        if (community.Downloading is not null || community.Importing is not null)
            return [];
        if (community.Cutting is not null)
            throw new CommandRefused("archive_creation_running", "A window is being cut: send this again when it is done.");
        return community.Torrent is { } torrent
            ?
            [
                new DownloadStarted(
                    command.CommunityId,
                    torrent.InfoHash,
                    torrent.Magnetlink.WithPeers(community.Seeders.Values.OfType<PeerAddress>())
                ),
            ]
            : throw new CommandRefused("nothing_archived", "The community has no torrent yet: there is nothing to restore.");
    }
}
