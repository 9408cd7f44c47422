using System.Security.Cryptography;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Projections;
using MassTransit;

namespace EventArchive.Handlers;

/// <summary>AnnouncementRequested → the community's key signs the present torrent's magnet with a new clock → PrepareAnnouncement.</summary>
public sealed class SignAnnouncements(ICommunityKeys keys, IMagnetlinkMessages messages, TimeProvider time, EffectSignals signals)
    : IEffect,
        IConsumer<AnnouncementRequested>
{
    public Effect Kind => Effect.Sign;

    public NodeRoles Role => NodeRoles.Announcer;

    public Task Consume(ConsumeContext<AnnouncementRequested> context) => signals.Wake(Kind);

    public async Task Perform(Community community, Report report, CancellationToken cancellation)
    {
        if (community is not { Requested: { } requested, Torrent: { } torrent } || requested.InfoHash != torrent.InfoHash)
            return;
        var (id, now) = (requested.CommunityId, time.GetUtcNow());
        var clock = Clock.After(community.HighestClock, now);
        if (Community.IsTooFarAhead(clock, now))
            throw new InvalidOperationException(
                $"The key of community {id} has signed the clock {community.HighestClock}, which is more than a day ahead: check this machine's time."
            );
        var magnetlink = torrent.Magnetlink.WithPeers(community.Seeders.Values.OfType<PeerAddress>());
        var key = await keys.Require(id, cancellation);
        byte[] signed;
        try
        {
            signed = messages.Sign(key, clock, magnetlink);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
        // The clock makes a report of its own: where an earlier one came too late, a new try is not taken for its repeat.
        await report(new PrepareAnnouncement(id, torrent.InfoHash, clock, magnetlink, signed), clock.ToString());
    }

    public IReport? GiveUp(Community community, string reason) => null;
}
