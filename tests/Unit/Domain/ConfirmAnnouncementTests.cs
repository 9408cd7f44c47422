using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class ConfirmAnnouncementTests
{
    private static readonly Clock Later = new(NowClock.Milliseconds + 1);
    private static readonly string[] Topics = ["/waku/1/0x01020304/rfc26"];

    private static readonly IEvent[] Announcing = [Enabled, Cutting(), Created(1), Seeding(1), Prepared(NowClock, 1, 1)];

    private static readonly IEvent[] Overtaken =
    [
        .. Announcing,
        Cutting(T1, T2, parent: 1),
        Created(2, T1, T2),
        Seeding(2),
        Prepared(Later, 2, 1),
    ];

    [Fact]
    public void An_accepted_announcement_is_published_on_the_shard_of_the_community() =>
        Given(Announcing).When(new ConfirmAnnouncement(Id, NowClock, Topics)).Then(Published(NowClock, 1, 1));

    [Fact]
    public void The_report_again_is_quiet_because_it_is_published_already() =>
        Given(Announced(NowClock)).When(new ConfirmAnnouncement(Id, NowClock, Topics)).ThenNothing();

    [Fact]
    public void An_old_clock_is_quiet_because_a_newer_announcement_has_overtaken_it() =>
        Given(Overtaken).When(new ConfirmAnnouncement(Id, NowClock, Topics)).ThenNothing();

    [Fact]
    public void The_overtaking_announcement_is_published_because_it_is_the_one_that_is_wanted() =>
        Given(Overtaken).When(new ConfirmAnnouncement(Id, Later, Topics)).Then(Published(Later, 2, 1));

    [Fact]
    public void An_announcement_nobody_prepared_is_quiet_because_nothing_waits_for_it() =>
        Given(Enabled).When(new ConfirmAnnouncement(Id, NowClock, Topics)).ThenNothing();

    [Fact]
    public void An_announcement_that_was_given_up_is_a_fact_because_members_did_not_hear_of_the_torrent() =>
        Given(Announcing)
            .When(new FailAnnouncement(Id, NowClock, "no Waku node"))
            .Then(new AnnouncementFailed(Id, NowClock, Hash(1), "no Waku node"));

    [Fact]
    public void The_failure_again_is_quiet_because_it_is_over() =>
        Given([.. Announcing, new AnnouncementFailed(Id, NowClock, Hash(1), "no Waku node")])
            .When(new FailAnnouncement(Id, NowClock, "no Waku node"))
            .ThenNothing();

    [Fact]
    public void The_failure_of_an_overtaken_announcement_is_quiet_because_it_is_no_longer_wanted() =>
        Given(Overtaken).When(new FailAnnouncement(Id, NowClock, "no Waku node")).ThenNothing();

    [Fact]
    public void A_failed_announcement_is_not_made_again_by_a_second_seeder_because_a_person_asks_for_that() =>
        Given([.. Announcing, new AnnouncementFailed(Id, NowClock, Hash(1), "no Waku node")])
            .When(new ConfirmSeeding(Id, Hash(1), "b", Peer(2)))
            .Then(Seeding(1, "b", 2));
}
