using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class AnnouncementTests
{
    private static readonly Clock Earlier = new(NowClock.Milliseconds - 1000);
    private static readonly Clock Ahead = new(NowClock.Milliseconds + 5000);
    private static readonly AnnouncementRequested Asked = Requested(1, AnnouncementReason.Command);

    [Fact]
    public void A_torrent_that_was_announced_is_announced_once_more_because_members_come_and_go() =>
        Given(Announced(Earlier)).When(new AnnounceArchive(Id)).Then(Asked);

    [Fact]
    public void Without_the_key_it_is_asked_for_too_because_an_announcer_may_have_it_later() =>
        Given(Announced(Earlier)).Knowing(facts => facts with { KeyIsHere = false }).When(new AnnounceArchive(Id)).Then(Asked);

    [Fact]
    public void Again_before_it_is_signed_is_quiet_because_the_wish_is_under_way() =>
        Given([.. Announced(Earlier), Asked]).When(new AnnounceArchive(Id)).ThenNothing();

    [Fact]
    public void Again_before_it_is_sent_is_quiet_because_the_wish_is_under_way() =>
        Given([.. Announced(Earlier), Asked, Prepared(NowClock, 1, 1)]).When(new AnnounceArchive(Id)).ThenNothing();

    [Fact]
    public void A_sender_who_does_not_know_the_last_announcement_adds_none_because_another_was_faster()
    {
        Given(Announced(Earlier)).When(new AnnounceArchive(Id, Since: Earlier)).Then(Asked);
        Given(Announced(Earlier)).When(new AnnounceArchive(Id, Since: new Clock(Earlier.Milliseconds - 1))).ThenNothing();
    }

    [Fact]
    public void A_clock_that_another_holder_of_the_key_has_signed_does_not_count_as_an_announcement_of_ours() =>
        Given([.. Announced(Earlier), Ignored(Ahead, 1, IgnoredBecause.OwnMessage)])
            .When(new AnnounceArchive(Id, Since: Earlier))
            .Then(Asked);

    [Fact]
    public void A_newer_torrent_is_announced_while_the_older_announcement_waits_because_it_overtakes_it() =>
        Given(Enabled, Cutting(), Created(1), Seeding(1), Requested(1), Prepared(NowClock, 1, 1), Cutting(T1, T2, 1), Created(2, T1, T2))
            .When(new ConfirmSeeding(Id, Hash(2), "a", Peer(1)))
            .Then(Seeding(2), Requested(2));

    [Fact]
    public void After_a_failure_it_is_announced_anew() =>
        Given([.. Announced(NowClock)[..^1], new AnnouncementFailed(Id, NowClock, Hash(1), "no node")])
            .When(new AnnounceArchive(Id))
            .Then(Asked);

    [Fact]
    public void Before_anyone_seeds_it_is_refused_because_nobody_could_fetch_it() =>
        Given(Enabled, Cutting(), Created(1)).When(new AnnounceArchive(Id)).ThenRefused("nothing_seeded");

    [Fact]
    public void Before_the_first_torrent_it_is_refused_because_there_is_nothing_to_announce() =>
        Given(Enabled).When(new AnnounceArchive(Id)).ThenRefused("nothing_seeded");

    [Fact]
    public void A_member_is_refused_because_only_the_control_node_announces() =>
        Given(Followed(Earlier, 1)).When(new AnnounceArchive(Id)).ThenRefused("not_control_node");
}
