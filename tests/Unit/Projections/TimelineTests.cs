using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Projections;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Projections;

public sealed class TimelineTests
{
    private static readonly Clock Five = new(5);

    private static readonly IEvent[] Every =
    [
        .. Announced(Five),
        Stopped(1, left: 0),
        new ChannelsChanged(Id, [General]),
        new ArchiveSkipped(Id, T0, ulong.MaxValue),
        new ArchiveCreationFailed(Id, T0, T1, "The disk is full."),
        new AnnouncementFailed(Id, Five, Hash(1), "No node."),
        .. Followed(Five, 1)[1..],
        Ignored(Five, 1, IgnoredBecause.OwnMessage),
        new DownloadFailed(Id, Hash(1), "No peer."),
        new DownloadCancelled(Id, Hash(1), Hash(2)),
        new ArchiveQuarantined(Id, Hash(1), Archive(1), "Broken."),
        Parked(1, 1, 2),
        new DownloadParked(Id, Hash(1), Key(1)),
        new HistoryGapFound(Id, [General], T0, T1, "No store node answered."),
        new HistoryGapFilled(Id, [General], T0, T1),
    ];

    [Fact]
    public void Every_event_has_a_sentence_because_a_gap_would_stop_the_timeline()
    {
        Every.Select(e => StoredName.Of(e.GetType())).Distinct().ShouldBe(StoredName.All.Select(name => name.Key), ignoreOrder: true);
        Folded.Rows(new Timeline(), Every).ShouldAllBe(row => row.Text.EndsWith('.'));
    }

    [Fact]
    public void A_row_says_when_and_what_in_plain_words() =>
        Folded
            .Rows(new Timeline(), Enabled, Cutting())
            .ShouldBe([
                new(
                    $"{Id}/0000000000000000001",
                    1,
                    Folded.At(1),
                    Id,
                    "history_archives_enabled",
                    "The history is kept here as control node on /waku/2/rs/16/32, with 1 channel."
                ),
                new(
                    $"{Id}/0000000000000000002",
                    2,
                    Folded.At(2),
                    Id,
                    "archive_creation_started",
                    "The cut of [2023-10-22 18:40:00Z, 2023-10-29 18:40:00Z) began."
                ),
            ]);

    [Fact]
    public void Ids_are_in_the_order_of_the_events_because_their_numbers_have_one_width() =>
        Timeline.KeyOf(Folded.Recorded(Enabled, 9)).ShouldBeLessThan(Timeline.KeyOf(Folded.Recorded(Enabled, 10)), StringComparer.Ordinal);
}
