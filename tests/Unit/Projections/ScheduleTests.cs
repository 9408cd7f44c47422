using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Projections;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Projections;

public sealed class ScheduleTests
{
    private static readonly Clock Five = new(5);
    private static readonly Clock Six = new(6);

    [Fact]
    public void An_announcement_goes_from_under_way_to_published_and_the_time_is_that_of_the_last_state()
    {
        Row(Announced(Five)[..^1]).LastAnnouncement.ShouldBe(new(Five, Hash(1), AnnouncementState.UnderWay, Folded.At(6)));
        Row(Announced(Five)).LastAnnouncement.ShouldBe(new(Five, Hash(1), AnnouncementState.Published, Folded.At(7)));
        Row([.. Announced(Five)[..^1], new AnnouncementFailed(Id, Five, Hash(1), "no node")])
            .LastAnnouncement.ShouldBe(new(Five, Hash(1), AnnouncementState.Failed, Folded.At(7)));
    }

    [Fact]
    public void What_became_of_an_overtaken_announcement_is_no_news() =>
        Row([.. Announced(Five)[..^1], Prepared(Six, 1, 1), Published(Five, 1, 1)])
            .LastAnnouncement.ShouldBe(new(Six, Hash(1), AnnouncementState.UnderWay, Folded.At(7)));

    [Fact]
    public void A_new_torrent_is_served_by_nobody_until_its_own_first_seeder_stands()
    {
        IEvent[] created = [.. Announced(Five), Cutting(T1, T2, 1), Created(2, T1, T2)];

        (Row(created).Torrent, Row(created).SeededAt, Row(created).ArchivedUntil).ShouldBe((Hash(2), null, T2));
        Row([.. created, Seeding(1, "b", 2)]).SeededAt.ShouldBeNull();
        Row([.. created, Seeding(2), Seeding(2, "b", 2)]).SeededAt.ShouldBe(Folded.At(10));
    }

    [Fact]
    public void Nobody_serves_a_torrent_whose_last_seeder_stopped_until_the_next_one_stands()
    {
        Row([.. Announced(Five), Seeding(1, "b", 2), Stopped(1, left: 1)]).SeededAt.ShouldBe(Folded.At(4));
        IEvent[] alone = [.. Announced(Five), Stopped(1, left: 0)];
        Row(alone).SeededAt.ShouldBeNull();
        Row([.. alone, Seeding(1, "b", 2)]).SeededAt.ShouldBe(Folded.At(9));
    }

    [Fact]
    public void A_restored_torrent_is_served_anew() =>
        Row([.. Announced(Five), Downloading(1), Downloaded(1, 1), Imported(1)]).SeededAt.ShouldBeNull();

    [Fact]
    public void A_cut_is_under_way_until_it_is_over_and_a_failure_is_forgotten_with_the_next_success()
    {
        Row(Enabled, Cutting()).Cutting.ShouldBeTrue();
        var failed = Row(Enabled, Cutting(), new ArchiveCreationFailed(Id, T0, T1, "no disk"));
        (failed.Cutting, failed.CutFailedAt, failed.ArchivedUntil).ShouldBe((false, Folded.At(3), null));
        var skipped = Row(Enabled, Cutting(), new ArchiveCreationFailed(Id, T0, T1, "x"), Cutting(), new ArchiveSkipped(Id, T0, T1));
        (skipped.Cutting, skipped.CutFailedAt, skipped.ArchivedUntil, skipped.Torrent).ShouldBe((false, null, T1, null));
    }

    [Fact]
    public void The_channels_are_the_present_ones_because_the_oldest_message_is_looked_for_on_them() =>
        Row(Enabled, new ChannelsChanged(Id, [Offtopic])).ContentTopics.ShouldBe([Offtopic]);

    private static CommunitySchedule Row(params IEvent[] events) => Folded.Rows(new Schedule(), events).Single();
}
