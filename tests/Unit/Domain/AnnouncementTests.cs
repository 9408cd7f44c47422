using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class AnnouncementTests
{
    private static readonly Clock Earlier = new(NowClock.Milliseconds - 1000);
    private static readonly Clock Ahead = new(NowClock.Milliseconds + 5000);

    [Fact]
    public void A_new_announcement_takes_the_present_time_because_it_is_later_than_the_last_clock() =>
        Given(Announced(Earlier)).When(new AnnounceArchive(Id)).Then(Prepared(NowClock, 1, 1));

    [Fact]
    public void A_machine_clock_behind_takes_the_last_clock_and_one_because_a_clock_only_rises() =>
        Given(Announced(Ahead)).When(new AnnounceArchive(Id)).Then(Prepared(Next(Ahead), 1, 1));

    [Fact]
    public void The_same_millisecond_takes_the_last_clock_and_one_because_members_heed_only_a_higher_one() =>
        Given(Announced(NowClock)).When(new AnnounceArchive(Id)).Then(Prepared(Next(NowClock), 1, 1));

    [Fact]
    public void A_higher_clock_that_was_heard_is_passed_because_another_node_with_the_key_has_signed_it() =>
        Given([.. Announced(Earlier), Ignored(Ahead, 1, IgnoredBecause.OwnMessage)])
            .When(new AnnounceArchive(Id))
            .Then(Prepared(Next(Ahead), 1, 1));

    [Fact]
    public void A_machine_clock_before_1970_still_gives_a_rising_clock() =>
        Given(Announced(Earlier))
            .At(DateTimeOffset.UnixEpoch.AddDays(-1))
            .When(new AnnounceArchive(Id))
            .Then(Prepared(Next(Earlier), 1, 1));

    [Fact]
    public void All_seeders_that_listen_are_named_in_the_order_of_their_nodes_because_the_magnet_must_repeat() =>
        Given([.. Announced(Earlier), Seeding(1, "c", 3), Seeding(1, "d", null), Seeding(1, "b", 2)])
            .When(new AnnounceArchive(Id))
            .Then(Prepared(NowClock, 1, 1, 2, 3));

    [Fact]
    public void Of_many_seeders_only_as_many_are_named_as_a_magnet_may_hold()
    {
        var seeders = Enumerable.Range(1, 250).Select(peer => Seeding(1, $"node-{peer:d3}", peer));
        Given([Enabled, Cutting(), Created(1), .. seeders])
            .When(new AnnounceArchive(Id))
            .Then(Prepared(NowClock, 1, [.. Enumerable.Range(1, Magnetlink.MaxPeers)]));
    }

    [Fact]
    public void The_bytes_to_send_are_stored_with_the_decision_because_a_second_try_sends_the_same() =>
        Given([.. Announced(Earlier), Prepared(NowClock, 1, 1)]).Community.Announcing!.SignedMessage.ShouldBe(Sign(NowClock, Magnet(1, 1)));

    [Fact]
    public void Again_before_it_is_out_is_quiet_because_the_wish_is_under_way() =>
        Given([.. Announced(Earlier), Prepared(NowClock, 1, 1)]).When(new AnnounceArchive(Id)).ThenNothing();

    [Fact]
    public void A_sender_who_does_not_know_the_last_announcement_adds_none_because_another_was_faster()
    {
        Given(Announced(Earlier)).When(new AnnounceArchive(Id, Since: Earlier)).Then(Prepared(NowClock, 1, 1));
        Given(Announced(Earlier)).When(new AnnounceArchive(Id, Since: new Clock(Earlier.Milliseconds - 1))).ThenNothing();
    }

    [Fact]
    public void A_clock_that_another_holder_of_the_key_has_signed_does_not_count_as_an_announcement_of_ours() =>
        Given([.. Announced(Earlier), Ignored(Ahead, 1, IgnoredBecause.OwnMessage)])
            .When(new AnnounceArchive(Id, Since: Earlier))
            .Then(Prepared(Next(Ahead), 1, 1));

    [Fact]
    public void A_newer_torrent_is_announced_while_the_older_announcement_waits_because_it_overtakes_it() =>
        Given(Enabled, Cutting(), Created(1), Seeding(1), Prepared(NowClock, 1, 1), Cutting(T1, T2, 1), Created(2, T1, T2))
            .When(new ConfirmSeeding(Id, Hash(2), "a", Peer(1)))
            .Then(Seeding(2), Prepared(Next(NowClock), 2, 1));

    [Fact]
    public void After_a_failure_it_is_announced_anew_with_a_new_clock() =>
        Given(
                Enabled,
                Cutting(),
                Created(1),
                Seeding(1),
                Prepared(NowClock, 1, 1),
                new AnnouncementFailed(Id, NowClock, Hash(1), "no node")
            )
            .When(new AnnounceArchive(Id))
            .Then(Prepared(Next(NowClock), 1, 1));

    [Fact]
    public void Before_anyone_seeds_it_is_refused_because_nobody_could_fetch_it() =>
        Given(Enabled, Cutting(), Created(1)).When(new AnnounceArchive(Id)).ThenRefused("nothing_seeded");

    [Fact]
    public void Before_the_first_torrent_it_is_refused_because_there_is_nothing_to_announce() =>
        Given(Enabled).When(new AnnounceArchive(Id)).ThenRefused("nothing_seeded");

    [Fact]
    public void Without_the_key_it_is_refused_because_members_would_not_believe_it() =>
        Given(Announced(Earlier)).Knowing(facts => facts with { Sign = null }).When(new AnnounceArchive(Id)).ThenRefused("key_missing");

    [Fact]
    public void A_member_is_refused_because_only_the_control_node_announces() =>
        Given(Followed(Earlier, 1)).When(new AnnounceArchive(Id)).ThenRefused("not_control_node");

    internal static Clock Next(Clock clock) => new(clock.Milliseconds + 1);
}
