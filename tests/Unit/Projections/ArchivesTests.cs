using EventArchive.Events;
using EventArchive.Projections;
using EventArchive.Tests.Unit.Domain;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Projections;

public sealed class ArchivesTests
{
    [Fact]
    public void A_cut_archive_has_window_and_size_and_the_torrent_it_first_came_in() =>
        Rows(Enabled, Cutting(), Created(1))
            .ShouldBe([
                new ArchiveSummary(
                    $"{Id}/{Archive(1)}",
                    Id,
                    Archive(1),
                    T0,
                    T1,
                    PieceBytes,
                    Hash(1),
                    ArchiveOrigin.Cut,
                    ArchiveStatus.Stored,
                    Reason: null,
                    Folded.At(3),
                    LastSeq: 3
                ),
            ]);

    [Fact]
    public void A_downloaded_archive_has_no_window_because_only_the_index_names_it() =>
        Rows(Member, Downloading(2), ArchivesDownloaded(2, 2, 1, 2))
            .Select(row => (row.ArchiveId, row.From, row.Bytes, row.Origin, row.Status))
            .ShouldBe([
                (Archive(1), null, null, ArchiveOrigin.Downloaded, ArchiveStatus.Stored),
                (Archive(2), null, null, ArchiveOrigin.Downloaded, ArchiveStatus.Stored),
            ]);

    [Fact]
    public void An_import_takes_each_archive_to_imported_or_to_quarantine_with_the_reason()
    {
        IEvent[] events = [Member, Downloading(2), ArchivesDownloaded(2, 2, 1, 2), Downloaded(2, 2), Importing(2, 1, 2)];
        Rows(events).ShouldAllBe(row => row.Status == ArchiveStatus.Importing);

        var rows = Rows([.. events, ArchivesImported(2, 1), new ArchiveQuarantined(Id, Hash(2), Archive(2), "broken")]);

        rows.Select(row => (row.Status, row.Reason, row.At))
            .ShouldBe([(ArchiveStatus.Imported, null, Folded.At(6)), (ArchiveStatus.Quarantined, "broken", Folded.At(7))]);
    }

    [Fact]
    public void A_parked_archive_names_the_key_it_waits_for_and_is_imported_when_that_has_come()
    {
        IEvent[] events = [Member, ArchivesDownloaded(2, 2, 1, 2), Importing(2, 1, 2), ArchivesImported(2, 1), Parked(2, 2)];

        var parked = Rows(events)[1];
        parked.Status.ShouldBe(ArchiveStatus.Parked);
        parked.Reason.ShouldBe($"It waits for the hash ratchet key {Key(2)}.");
        Rows([.. events, Importing(2, 2), ArchivesImported(2, 2)]).ShouldAllBe(row => row.Status == ArchiveStatus.Imported);
    }

    [Fact]
    public void An_archive_that_comes_again_keeps_its_first_torrent_and_what_became_of_it_but_leaves_quarantine()
    {
        var rows = Rows(
            Member,
            ArchivesDownloaded(2, 2, 1, 2),
            Importing(2, 1, 2),
            ArchivesImported(2, 1),
            new ArchiveQuarantined(Id, Hash(2), Archive(2), "broken"),
            ArchivesDownloaded(3, 2, 1, 2)
        );

        rows.Select(row => (row.InfoHash, row.Status, row.Reason))
            .ShouldBe([(Hash(2), ArchiveStatus.Imported, null), (Hash(2), ArchiveStatus.Stored, null)]);
    }

    [Fact]
    public void An_import_of_an_archive_that_never_came_is_refused_because_no_rule_of_ours_gives_it() =>
        Should.Throw<InvalidOperationException>(() => Rows(Member, ArchivesImported(1, 1))).Message.ShouldContain("ArchivesDownloaded");

    private static IReadOnlyList<ArchiveSummary> Rows(params IEvent[] events) =>
        Folded.Rows(new EventArchive.Projections.Archives(), events);
}
