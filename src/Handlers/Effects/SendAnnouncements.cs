using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Projections;
using MassTransit;

namespace EventArchive.Handlers;

/// <summary>AnnouncementPrepared → exactly its signed bytes on the Waku network → ConfirmAnnouncement.</summary>
public sealed class SendAnnouncements(IAnnouncer announcer, ICommunityKeys keys, EffectSignals signals)
    : IEffect,
        IConsumer<AnnouncementPrepared>
{
    public Effect Kind => Effect.Announce;

    public NodeRoles Role => NodeRoles.Announcer;

    public Task Consume(ConsumeContext<AnnouncementPrepared> context) => signals.Wake(Kind);

    public async Task Perform(Community community, Report report, CancellationToken cancellation)
    {
        // The state holds the newest announcement only: one that was overtaken is never sent.
        if (community.Announcing is not { } announcing)
            return;
        var key = await keys.Require(announcing.CommunityId, cancellation);
        var topics = await announcer.Announce(announcing.CommunityId, community.PubsubTopic, announcing.SignedMessage, key, cancellation);
        await report(new ConfirmAnnouncement(announcing.CommunityId, announcing.Clock, topics));
    }

    public IReport? GiveUp(Community community, string reason) =>
        community.Announcing is { } announcing ? new FailAnnouncement(announcing.CommunityId, announcing.Clock, reason) : null;
}
