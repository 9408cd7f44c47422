using EventArchive.Events;
using EventArchive.Projections;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Projections;

public sealed class AllProjectionsTests
{
    public static TheoryData<string> Names => [.. AllProjections.List.Select(projection => projection.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_row_is_touched_only_by_events_the_projection_is_about_because_bodies_of_others_are_not_read(string name)
    {
        var projection = AllProjections.Find(name)!;
        IEvent[] events =
        [
            .. Announced(new(5)),
            .. Followed(new(6), 2),
            Ignored(new(7), 1, IgnoredBecause.OwnMessage),
            new ChannelsChanged(Id, [], new(8)),
        ];

        var touching = events.Where(e => projection.KeysOf(Folded.Recorded(e, 1)).Count > 0).Select(e => e.GetType()).ToHashSet();

        touching.ShouldNotBeEmpty();
        if (projection.About is { } about)
            touching.ShouldBeSubsetOf(about);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Keys_begin_with_the_community_so_that_its_rows_are_one_range(string name)
    {
        var projection = AllProjections.Find(name)!;
        foreach (var e in (IEvent[])[.. Announced(new(5)), .. Followed(new(6), 2)])
        foreach (var key in projection.KeysOf(Folded.Recorded(e, 1)))
            (key == Id.ToString() || key.StartsWith($"{Id}{Projection.Separator}", StringComparison.Ordinal)).ShouldBeTrue(key);
    }

    [Fact]
    public void An_event_is_folded_into_all_its_rows_or_into_none()
    {
        var rows = new FoldedRows(AllProjections.Archives);
        rows.Fold(Folded.Recorded(ArchivesDownloaded(1, 2, 1), 1));
        rows.Accept();

        // The first archive is there, the second never came.
        Should.Throw<InvalidOperationException>(() => rows.Fold(Folded.Recorded(Importing(1, 1, 2), 2)));

        rows.Changed.ShouldBeEmpty();
        ((ArchiveSummary)rows.All.Single().Value!).Status.ShouldBe(ArchiveStatus.Stored);
    }
}
