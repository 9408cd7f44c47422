using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class ReceiveMagnetlinkTests
{
    private static readonly ReceiveMagnetlink Message = new(Id, Signed);
    private static readonly Clock Five = new(5);
    private static readonly Clock Six = new(6);
    private static readonly Clock Seven = new(7);
    private static readonly Clock FarAhead = new(NowClock.Milliseconds + 86_400_001);

    [Fact]
    public void The_first_announcement_is_downloaded_because_the_member_has_nothing() =>
        Heard(Given(Member), Five, 1).Then(Received(Five, 1), Downloading(1));

    [Fact]
    public void A_first_announcement_with_clock_zero_is_heeded_because_no_other_came_before() =>
        Heard(Given(Member), Clock.Zero, 1).Then(Received(Clock.Zero, 1), Downloading(1));

    [Fact]
    public void A_higher_clock_with_another_torrent_is_downloaded_because_the_history_has_grown() =>
        Heard(Given(Followed(Five, 1)), Six, 2).Then(Received(Six, 2), Downloading(2));

    [Fact]
    public void A_higher_clock_with_the_seeded_torrent_is_not_downloaded_again_because_it_is_here() =>
        Heard(Given(Followed(Five, 1)), Six, 1).Then(Received(Six, 1));

    [Fact]
    public void A_higher_clock_with_the_torrent_under_way_does_not_begin_anew_because_pieces_would_be_lost() =>
        Heard(Given(Member, Received(Five, 1), Downloading(1)), Six, 1).Then(Received(Six, 1));

    [Fact]
    public void A_higher_clock_with_the_torrent_in_import_does_not_begin_anew_because_it_is_on_disk() =>
        Heard(Given(Member, Received(Five, 1), Downloading(1), Downloaded(1, 1), Importing(1, 1)), Six, 1).Then(Received(Six, 1));

    [Fact]
    public void A_newer_torrent_cancels_the_download_because_it_holds_all_of_the_older_one() =>
        Heard(Given(Member, Received(Five, 1), Downloading(1)), Six, 2)
            .Then(Received(Six, 2), new DownloadCancelled(Id, Hash(1), Hash(2)), Downloading(2));

    [Fact]
    public void A_newer_torrent_takes_the_place_of_the_import_because_its_import_covers_what_is_left() =>
        Heard(Given(Member, Received(Five, 1), Downloading(1), Downloaded(1, 1), Importing(1, 1)), Six, 2)
            .Then(Received(Six, 2), Downloading(2));

    [Fact]
    public void A_failed_download_begins_again_with_a_higher_clock_because_the_community_still_offers_it() =>
        Heard(Given(Member, Received(Five, 1), Downloading(1), new DownloadFailed(Id, Hash(1), "no peer")), Six, 1)
            .Then(Received(Six, 1), Downloading(1));

    [Fact]
    public void A_failed_download_does_not_begin_again_with_the_same_message_because_it_is_no_news() =>
        Heard(Given(Member, Received(Five, 1), Downloading(1), new DownloadFailed(Id, Hash(1), "no peer")), Five, 1).ThenNothing();

    [Fact]
    public void The_same_clock_and_magnet_are_quiet_because_deliveries_repeat() => Heard(Given(Followed(Five, 1)), Five, 1).ThenNothing();

    [Fact]
    public void An_older_clock_is_ignored_because_deliveries_come_in_any_order() =>
        Heard(Given(Followed(Six, 1)), Five, 2).Then(Ignored(Five, 2, IgnoredBecause.OlderClock));

    [Fact]
    public void The_same_clock_with_another_magnet_is_ignored_because_the_first_one_wins() =>
        Heard(Given(Followed(Five, 1)), Five, 2).Then(Ignored(Five, 2, IgnoredBecause.ClockUsedTwice));

    [Fact]
    public void A_clock_a_day_ahead_is_heeded_because_clocks_differ() =>
        Heard(Given(Member), new Clock(FarAhead.Milliseconds - 1), 1)
            .Then(Received(new Clock(FarAhead.Milliseconds - 1), 1), Downloading(1));

    [Fact]
    public void A_clock_more_than_a_day_ahead_is_ignored_because_it_would_silence_all_later_ones() =>
        Heard(Given(Member), FarAhead, 1).Then(Ignored(FarAhead, 1, IgnoredBecause.ClockTooFarAhead));

    [Fact]
    public void The_highest_clock_there_is_is_ignored_because_nothing_could_follow_it() =>
        Heard(Given(Member), new Clock(ulong.MaxValue), 1).Then(Ignored(new Clock(ulong.MaxValue), 1, IgnoredBecause.ClockTooFarAhead));

    [Fact]
    public void After_a_clock_too_far_ahead_the_true_ones_are_heeded_because_it_left_no_trace() =>
        Heard(Given(Member, Ignored(FarAhead, 1, IgnoredBecause.ClockTooFarAhead)), Five, 2).Then(Received(Five, 2), Downloading(2));

    [Fact]
    public void A_clock_that_was_too_far_ahead_is_heeded_when_its_time_has_come() =>
        Heard(Given(Member, Ignored(FarAhead, 1, IgnoredBecause.ClockTooFarAhead)).At(Now.AddDays(1)), FarAhead, 1)
            .Then(Received(FarAhead, 1), Downloading(1));

    [Theory]
    [InlineData(IgnoredBecause.OlderClock)]
    [InlineData(IgnoredBecause.ClockUsedTwice)]
    [InlineData(IgnoredBecause.ClockTooFarAhead)]
    public void What_was_ignored_once_is_quiet_afterwards_because_anyone_can_send_it_for_ever(IgnoredBecause reason)
    {
        var clock = reason switch
        {
            IgnoredBecause.OlderClock => Five,
            IgnoredBecause.ClockUsedTwice => Six,
            _ => FarAhead,
        };
        Heard(Given(Followed(Six, 1)), clock, 2).Then(Ignored(clock, 2, reason));
        Heard(Given([.. Followed(Six, 1), Ignored(clock, 2, reason)]), clock, 2).ThenNothing();
    }

    [Fact]
    public void Two_replays_in_turn_are_both_quiet_because_each_was_recorded_once() =>
        Heard(
                Given([.. Followed(Seven, 1), Ignored(Five, 2, IgnoredBecause.OlderClock), Ignored(Six, 3, IgnoredBecause.OlderClock)]),
                Five,
                2
            )
            .ThenNothing();

    [Fact]
    public void The_control_node_keeps_a_clock_it_did_not_know_because_its_next_one_must_be_higher() =>
        Heard(Given(Announced(Five)), Six, 2).Then(Ignored(Six, 2, IgnoredBecause.OwnMessage));

    [Fact]
    public void The_control_node_is_quiet_about_its_own_message_because_the_network_brings_it_back() =>
        Heard(Given(Announced(Five)), Five, 1).ThenNothing();

    [Fact]
    public void The_control_node_is_quiet_about_older_messages_of_its_own() => Heard(Given(Announced(Six)), Five, 1).ThenNothing();

    [Fact]
    public void The_control_node_is_quiet_about_its_own_message_even_when_the_machine_clock_fell_by_days() =>
        Heard(Given(Announced(NowClock)).At(Now.AddDays(-3)), NowClock, 1).ThenNothing();

    [Fact]
    public void The_control_node_ignores_a_clock_too_far_ahead_because_members_do_too() =>
        Heard(Given(Announced(Five)), FarAhead, 2).Then(Ignored(FarAhead, 2, IgnoredBecause.ClockTooFarAhead));

    [Fact]
    public void A_message_that_was_not_verified_is_a_fault_of_the_consumer_and_no_refusal() =>
        Should.Throw<ArgumentException>(() => Given(Member).When(Message).ThenNothing());

    private static CommunitySpec Heard(CommunitySpec spec, Clock clock, int torrent) =>
        spec.Knowing(facts => facts with { Announced = new Announced(clock, Magnet(torrent)) }).When(Message);
}
