using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The community's key has signed the announcement that was asked for.</summary>
/// <param name="SignedMessage">The ApplicationMetadataMessage of type 43 with its 65-byte signature.</param>
public sealed record PrepareAnnouncement(
    CommunityId CommunityId,
    InfoHash InfoHash,
    Clock Clock,
    Magnetlink Magnetlink,
    byte[] SignedMessage
) : IReport;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(PrepareAnnouncement command, Community community, Facts facts)
    {
        // Another announcer was faster, or the torrent was replaced while it was signed.
        if (community.Requested?.InfoHash != command.InfoHash || community.Torrent?.InfoHash != command.InfoHash)
            return [];
        // A clock that was heard meanwhile overtakes this one: the next try signs a higher clock.
        return command.Clock > community.HighestClock && !IsTooFarAhead(command.Clock, facts.Now)
            ? [new AnnouncementPrepared(command.CommunityId, command.Clock, command.InfoHash, command.Magnetlink, command.SignedMessage)]
            : [];
    }
}
