using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Projections;
using EventArchive.Tests.Unit.Domain;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Projections;

public sealed class CommunitiesTests
{
    private static readonly Clock Five = new(5);

    [Fact]
    public void A_control_node_at_rest_has_its_torrent_and_nothing_under_way()
    {
        var row = Row(Announced(Five));

        row.ControlNode.ShouldBeTrue();
        row.ContentTopics.ShouldBe([General]);
        row.ArchivedUntil.ShouldBe(T1);
        row.Torrent.ShouldBe(new(Hash(1), Magnet(1), Archives: 1, DataBytes(1)));
        row.Messages.ShouldBe(5);
        row.UnderWay.ShouldBeEmpty();
        row.LastFailure.ShouldBeNull();
        (row.LastSeq, row.LastEventAt).ShouldBe((7, Folded.At(7)));
    }

    [Fact]
    public void A_member_has_the_torrent_once_it_is_imported_because_only_then_it_serves_it()
    {
        var events = Followed(Five, 3);

        Row(events[..5]).Torrent.ShouldBeNull();
        Row(events[..5]).Incoming.ShouldBe(new(Hash(3), Magnet(3), Archives: 1, DataBytes(3)));
        Row(events[..6]).UnderWay.ShouldBe([Effect.Import]);
        var row = Row(events);
        row.Torrent.ShouldBe(new(Hash(3), Magnet(3), Archives: 1, DataBytes(3)));
        row.Incoming.ShouldBeNull();
        row.Messages.ShouldBe(10);
        row.ArchivedUntil.ShouldBeNull();
    }

    [Fact]
    public void What_is_under_way_is_what_pending_work_holds_because_both_follow_one_rule() =>
        Row(Enabled, Cutting(), Created(1)).UnderWay.ShouldBe([Effect.Seed]);

    [Fact]
    public void A_restored_torrent_keeps_its_magnet_because_the_one_it_was_fetched_by_names_peers_of_that_day() =>
        Row([.. Announced(Five), Downloading(1, 7), Downloaded(1, 1), Imported(1)])
            .Torrent.ShouldBe(new(Hash(1), Magnet(1), 1, DataBytes(1)));

    [Fact]
    public void The_last_failure_stays_with_its_reason_because_someone_may_ask_later()
    {
        var row = Row([
            Enabled,
            Cutting(),
            new ArchiveCreationFailed(Id, T0, T1, "The disk is full."),
            new AnnouncementFailed(Id, Five, Hash(1), "No node."),
            Cutting(),
            Created(1),
        ]);

        row.LastFailure.ShouldBe(new("AnnouncementFailed", "No node.", Seq: 4, Folded.At(4)));
    }

    [Fact]
    public void A_download_that_ended_in_vain_is_no_longer_incoming()
    {
        Row(Member, Downloading(1), new DownloadFailed(Id, Hash(1), "No peer.")).Incoming.ShouldBeNull();
        Row(Member, Downloading(1), new DownloadCancelled(Id, Hash(1), Hash(2)), Downloading(2)).Incoming!.InfoHash.ShouldBe(Hash(2));
    }

    [Fact]
    public void A_skipped_window_and_new_channels_are_taken_over()
    {
        var row = Row(Enabled, Cutting(), new ArchiveSkipped(Id, T0, T2), new ChannelsChanged(Id, [Offtopic]));
        row.ArchivedUntil.ShouldBe(T2);
        row.ContentTopics.ShouldBe([Offtopic]);
    }

    [Fact]
    public void A_history_without_a_beginning_is_refused_because_its_settings_are_unknown() =>
        Should.Throw<InvalidOperationException>(() => Row(Cutting())).Message.ShouldContain("HistoryArchivesEnabled");

    private static CommunitySummary Row(params IEvent[] events) =>
        Folded.Rows(new EventArchive.Projections.Communities(), events).ShouldHaveSingleItem();
}
