using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class PrepareAnnouncementTests
{
    private static readonly Clock Earlier = new(NowClock.Milliseconds - 1000);
    private static readonly Clock Furthest = new(NowClock.Milliseconds + (ulong)Community.MaxClockAhead.TotalMilliseconds);
    private static readonly IEvent[] Asked = [.. Announced(Earlier), Requested(1, AnnouncementReason.Command)];

    [Fact]
    public void What_was_asked_for_and_signed_is_prepared_with_exactly_these_bytes_because_a_second_try_sends_the_same() =>
        Given(Asked).When(Signed(NowClock, 1, 1, 2)).Then(Prepared(NowClock, 1, 1, 2));

    [Fact]
    public void The_first_announcement_is_prepared_after_its_first_seeding() =>
        Given(Enabled, Cutting(), Created(1), Seeding(1), Requested(1)).When(Signed(NowClock, 1, 1)).Then(Prepared(NowClock, 1, 1));

    [Fact]
    public void A_second_announcer_is_quiet_because_the_first_has_signed() =>
        Given([.. Asked, Prepared(NowClock, 1, 1)]).When(Signed(Next(NowClock), 1, 1)).ThenNothing();

    [Fact]
    public void What_nobody_asked_for_is_quiet() => Given(Announced(Earlier)).When(Signed(NowClock, 1, 1)).ThenNothing();

    [Fact]
    public void A_torrent_that_was_replaced_while_it_was_signed_is_quiet_because_the_next_one_is_announced() =>
        Given([.. Asked, Cutting(T1, T2, parent: 1), Created(2, T1, T2)]).When(Signed(NowClock, 1, 1)).ThenNothing();

    [Fact]
    public void A_torrent_that_is_restored_is_quiet_until_it_is_seeded_because_the_magnet_would_name_who_had_it() =>
        Given([.. Asked, Downloading(1, 1), Downloaded(1, 1), Imported(1)]).When(Signed(NowClock, 1, 1)).ThenNothing();

    [Fact]
    public void A_torrent_whose_last_seeder_has_left_is_quiet_because_nobody_could_fetch_it() =>
        Given([.. Asked, Stopped(1, left: 0)]).When(Signed(NowClock, 1, 1)).ThenNothing();

    [Fact]
    public void A_clock_that_is_not_above_the_highest_is_quiet_because_a_clock_only_rises()
    {
        Given(Asked).When(Signed(Earlier, 1, 1)).ThenNothing();
        Given([.. Asked, Ignored(NowClock, 1, IgnoredBecause.OwnMessage)]).When(Signed(NowClock, 1, 1)).ThenNothing();
        Given([.. Asked, Ignored(NowClock, 1, IgnoredBecause.OwnMessage)])
            .When(Signed(Next(NowClock), 1, 1))
            .Then(Prepared(Next(NowClock), 1, 1));
    }

    [Fact]
    public void A_clock_more_than_a_day_ahead_is_quiet_because_members_would_not_take_it()
    {
        Given(Asked).When(Signed(Furthest, 1, 1)).Then(Prepared(Furthest, 1, 1));
        Given(Asked).When(Signed(Next(Furthest), 1, 1)).ThenNothing();
    }

    [Fact]
    public void What_was_asked_for_waits_until_it_is_signed_and_no_longer()
    {
        Given(Asked).Community.Requested.ShouldBe(Requested(1, AnnouncementReason.Command));
        var signed = Given([.. Asked, Prepared(NowClock, 1, 1)]).Community;
        signed.Requested.ShouldBeNull();
        signed.Announcing!.SignedMessage.ShouldBe(Sign(NowClock, Magnet(1, 1)));
    }

    private static Clock Next(Clock clock) => new(clock.Milliseconds + 1);

    private static PrepareAnnouncement Signed(Clock clock, int torrent, params int[] peers) =>
        new(Id, Hash(torrent), clock, Magnet(torrent, peers), Sign(clock, Magnet(torrent, peers)));
}
