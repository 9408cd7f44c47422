using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Projections;
using EventArchive.Tests.Unit.Projections;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Handlers;

public sealed class DueCommandsTests
{
    private static readonly ScheduleOptions Options = new();
    private static readonly Clock Five = new(5);

    // Of the events of Announced the last, MagnetlinkPublished, is stored seven minutes after Now.
    private static readonly DateTimeOffset PublishedAt = Folded.At(7);

    [Fact]
    public void A_torrent_is_announced_again_eight_hours_after_its_last_announcement_because_members_come_and_go()
    {
        var row = Row(Announced(Five));

        Announcement(row, PublishedAt + Options.AnnounceEvery - Tick).ShouldBeNull();
        Announcement(row, PublishedAt + Options.AnnounceEvery)!.Command.ShouldBe(new AnnounceArchive(Id, Since: Five));
    }

    [Fact]
    public void All_nodes_and_restarts_ask_with_one_id_because_it_shall_happen_once()
    {
        var row = Row(Announced(Five));
        var due = PublishedAt + Options.AnnounceEvery;

        var id = Announcement(row, due)!.MessageId;

        Announcement(row, due + Options.RetryAfter - Tick)!.MessageId.ShouldBe(id);
        // What was refused then is asked anew.
        Announcement(row, due + Options.RetryAfter)!.MessageId.ShouldNotBe(id);
        Announcement(Row(Announced(new Clock(6))), due)!.MessageId.ShouldNotBe(id);
        Announcement(Row(Announced(Five), id: Other), due)!.MessageId.ShouldNotBe(id);
    }

    [Fact]
    public void An_announcement_under_way_is_not_hurried_because_its_effect_tries_again_by_itself() =>
        Announcement(Row(Announced(Five)[..^1]), Now.AddDays(9)).ShouldBeNull();

    [Fact]
    public void A_failed_announcement_is_made_anew_after_a_while_because_the_node_may_be_back()
    {
        var row = Row([.. Announced(Five)[..^1], new AnnouncementFailed(Id, Five, Hash(1), "no node")]);

        Announcement(row, PublishedAt + Options.RetryAfter - Tick).ShouldBeNull();
        Announcement(row, PublishedAt + Options.RetryAfter)!.Command.ShouldBe(new AnnounceArchive(Id, Since: Five));
    }

    [Fact]
    public void A_torrent_that_was_seeded_and_never_announced_is_asked_for_because_older_releases_did_not_without_the_key()
    {
        var first = Row(Announced(Five)[..4]);
        var second = Row([.. Announced(Five), Cutting(T1, T2, 1), Created(2, T1, T2), Seeding(2)]);

        Announcement(first, Folded.At(4) + Options.RetryAfter)!.Command.ShouldBe(new AnnounceArchive(Id, Since: Clock.Zero));
        Announcement(second, Folded.At(10) + Options.RetryAfter - Tick).ShouldBeNull();
        Announcement(second, Folded.At(10) + Options.RetryAfter)!.Command.ShouldBe(new AnnounceArchive(Id, Since: Five));
    }

    [Fact]
    public void A_torrent_that_nobody_serves_is_not_announced_because_nobody_could_fetch_it() =>
        Announcement(Row([.. Announced(Five), Cutting(T1, T2, 1), Created(2, T1, T2)]), Now.AddDays(9)).ShouldBeNull();

    [Fact]
    public void A_restarted_seeder_announces_at_once_when_the_last_announcement_is_long_ago()
    {
        var restarted = PublishedAt + TimeSpan.FromHours(3);

        DueCommands.Announcement(Row(Announced(Five)), restarted, Options, restarted).ShouldNotBeNull();
        DueCommands.Announcement(Row(Announced(Five)), null, Options, restarted).ShouldBeNull();
    }

    [Fact]
    public void A_seeder_that_restarts_all_the_time_announces_once_an_interval_because_members_must_not_be_flooded()
    {
        var restarted = PublishedAt + TimeSpan.FromMinutes(1);

        DueCommands
            .Announcement(Row(Announced(Five)), restarted, Options, PublishedAt + Options.AnnounceAfterRestart - Tick)
            .ShouldBeNull();
        DueCommands.Announcement(Row(Announced(Five)), restarted, Options, PublishedAt + Options.AnnounceAfterRestart).ShouldNotBeNull();
    }

    [Fact]
    public void A_restart_before_the_last_announcement_is_no_reason_because_that_came_after_it() =>
        DueCommands.Announcement(Row(Announced(Five)), PublishedAt - Tick, Options, PublishedAt + TimeSpan.FromHours(7)).ShouldBeNull();

    [Fact]
    public void What_is_switched_off_is_never_due()
    {
        var never = new ScheduleOptions
        {
            CutEvery = TimeSpan.Zero,
            AnnounceEvery = TimeSpan.Zero,
            AnnounceAfterRestart = TimeSpan.Zero,
        };

        DueCommands.Announcement(Row(Announced(Five)), Now.AddDays(8), never, Now.AddDays(9)).ShouldBeNull();
        DueCommands.Cut(Row(Announced(Five)), T0, never, Now.AddDays(90)).ShouldBeNull();
    }

    [Fact]
    public void A_window_is_cut_a_while_after_its_end_because_messages_under_way_shall_not_be_late()
    {
        var row = Row(Announced(Five));
        var end = DateTimeOffset.FromUnixTimeSeconds((long)T2);

        Cut(row, end + Options.CutDelay - TimeSpan.FromSeconds(1)).ShouldBeNull();
        Cut(row, end + Options.CutDelay)!.Command.ShouldBe(new CreateArchive(Id, To: T2, PartitionSeconds: Week));
    }

    [Fact]
    public void After_a_long_outage_all_windows_that_are_over_are_cut_at_once_on_the_same_grid() =>
        Cut(Row(Announced(Five)), DateTimeOffset.FromUnixTimeSeconds((long)T3).AddDays(3))!
            .Command.ShouldBe(new CreateArchive(Id, To: T3, PartitionSeconds: Week));

    [Fact]
    public void The_first_window_begins_with_the_oldest_message_because_there_is_nothing_before_it()
    {
        DueCommands
            .Cut(Row(Enabled), T0, Options, DateTimeOffset.FromUnixTimeSeconds((long)T1).AddHours(1))!
            .Command.ShouldBe(new CreateArchive(Id, To: T1, PartitionSeconds: Week));
        DueCommands.Cut(Row(Enabled), oldestMessage: null, Options, Now.AddYears(1)).ShouldBeNull();
    }

    [Fact]
    public void A_running_cut_is_not_asked_for_again_and_a_failed_one_is_after_a_while_under_another_id()
    {
        var week = DateTimeOffset.FromUnixTimeSeconds((long)T1) + Options.CutDelay;
        Cut(Row(Enabled, Cutting()), Now).ShouldBeNull();
        var failed = Row(Enabled, Cutting(), new ArchiveCreationFailed(Id, T0, T1, "no disk"));

        DueCommands.Cut(failed, T0, Options, Folded.At(3) + Options.RetryAfter - Tick).ShouldBeNull();
        var again = DueCommands.Cut(failed, T0, Options, Folded.At(3) + Options.RetryAfter)!;
        again.MessageId.ShouldNotBe(DueCommands.Cut(Row(Enabled), T0, Options, week)!.MessageId);
    }

    [Fact]
    public void A_member_has_no_row_because_it_does_nothing_by_itself() => Folded.Rows(new Schedule(), Followed(Five, 1)).ShouldBeEmpty();

    private static TimeSpan Tick => TimeSpan.FromTicks(1);

    private static CommunityId Other => CommunityId.Parse("0x03" + new string('b', 64));

    private static DueCommand? Announcement(CommunitySchedule row, DateTimeOffset now) =>
        DueCommands.Announcement(row, restarted: null, Options, now);

    private static DueCommand? Cut(CommunitySchedule row, DateTimeOffset now) => DueCommands.Cut(row, oldestMessage: null, Options, now);

    private static CommunitySchedule Row(params IEvent[] events) => Folded.Rows(new Schedule(), events).Single();

    private static CommunitySchedule Row(IEvent[] events, CommunityId id) => Row(events) with { CommunityId = id };
}
