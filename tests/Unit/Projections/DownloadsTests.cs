using EventArchive.Events;
using EventArchive.Projections;
using EventArchive.Tests.Unit.Domain;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Projections;

public sealed class DownloadsTests
{
    private static readonly DownloadSummary Running = new(
        $"{Id}/{Hash(1)}",
        Id,
        Hash(1),
        Magnet(1),
        DownloadState.Running,
        Archives: 0,
        Total: null,
        Bytes: null,
        Folded.At(1),
        Ended: null,
        Reason: null,
        ReplacedBy: null,
        Tries: 1
    );

    [Fact]
    public void A_running_download_counts_its_archives() =>
        Rows(Downloading(1), ArchivesDownloaded(1, 5, 1, 2), ArchivesDownloaded(1, 5, 3))
            .ShouldBe([Running with { Archives = 3, Total = 5 }]);

    [Fact]
    public void A_completed_download_has_its_size_and_its_end() =>
        Rows(Downloading(1), ArchivesDownloaded(1, 1, 1), Downloaded(1, 1))
            .ShouldBe([
                Running with
                {
                    State = DownloadState.Completed,
                    Archives = 1,
                    Total = 1,
                    Bytes = DataBytes(1),
                    Ended = Folded.At(3),
                },
            ]);

    [Fact]
    public void A_failed_download_has_the_reason_and_a_new_try_begins_afresh()
    {
        IEvent[] failed = [Downloading(1), ArchivesDownloaded(1, 5, 1), new DownloadFailed(Id, Hash(1), "No peer.")];
        Rows(failed).ShouldHaveSingleItem().Reason.ShouldBe("No peer.");
        Rows([.. failed, Downloading(1)]).ShouldBe([Running with { Started = Folded.At(4), Tries = 2 }]);
    }

    [Fact]
    public void A_cancelled_download_names_the_torrent_that_took_its_place() =>
        Rows(Downloading(1), new DownloadCancelled(Id, Hash(1), Hash(2)), Downloading(2))
            .Select(row => (row.InfoHash, row.State, row.ReplacedBy))
            .ShouldBe([(Hash(1), DownloadState.Cancelled, Hash(2)), (Hash(2), DownloadState.Running, null)]);

    [Fact]
    public void An_end_without_a_start_is_refused_because_no_rule_of_ours_gives_it() =>
        Should.Throw<InvalidOperationException>(() => Rows(Downloaded(1, 1))).Message.ShouldContain("DownloadStarted");

    private static IReadOnlyList<DownloadSummary> Rows(params IEvent[] events) =>
        [.. Folded.Rows(new EventArchive.Projections.Downloads(), events).Select(row => row with { LastSeq = 0 })];
}
