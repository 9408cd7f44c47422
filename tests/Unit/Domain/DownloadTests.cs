using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class DownloadTests
{
    private static readonly Clock Five = new(5);
    private static readonly IEvent[] Fetching = [Member, Received(Five, 1), Downloading(1)];

    [Fact]
    public void Archives_that_arrived_are_a_fact_in_one_batch() =>
        Given(Fetching).When(Report(1, 3, 1, 2)).Then(ArchivesDownloaded(1, 3, 1, 2));

    [Fact]
    public void Only_what_was_not_reported_is_a_fact_because_batches_overlap() =>
        Given([.. Fetching, ArchivesDownloaded(1, 3, 1)]).When(Report(1, 3, 1, 2, 2)).Then(ArchivesDownloaded(1, 3, 2));

    [Fact]
    public void The_same_batch_again_is_quiet_because_it_is_known() =>
        Given([.. Fetching, ArchivesDownloaded(1, 3, 1, 2)]).When(Report(1, 3, 1, 2)).ThenNothing();

    [Fact]
    public void A_batch_of_a_cancelled_download_is_quiet_because_it_is_no_longer_wanted() =>
        Given([.. Fetching, new DownloadCancelled(Id, Hash(1), Hash(2)), Downloading(2)]).When(Report(1, 3, 1)).ThenNothing();

    [Fact]
    public void A_download_that_begins_anew_reports_anew_because_its_files_are_checked_again() =>
        Given([.. Fetching, ArchivesDownloaded(1, 3, 1), new DownloadFailed(Id, Hash(1), "no peer"), Downloading(1)])
            .When(Report(1, 3, 1))
            .Then(ArchivesDownloaded(1, 3, 1));

    [Fact]
    public void A_complete_download_is_imported_because_the_messages_are_what_is_wanted() =>
        Given([.. Fetching, ArchivesDownloaded(1, 2, 1, 2)]).When(Complete(1, 1, 2)).Then(Downloaded(1, 2), Importing(1, 1, 2));

    [Fact]
    public void Archives_that_no_batch_named_are_reported_with_the_end_because_each_is_named_once() =>
        Given([.. Fetching, ArchivesDownloaded(1, 2, 1)])
            .When(Complete(1, 1, 2))
            .Then(ArchivesDownloaded(1, 2, 2), Downloaded(1, 2), Importing(1, 1, 2));

    [Fact]
    public void Only_archives_that_were_not_imported_before_are_imported_because_torrents_grow() =>
        Given([.. Followed(Five, 1), Received(new Clock(6), 2), Downloading(2), ArchivesDownloaded(2, 2, 1, 2)])
            .When(Complete(2, 1, 2))
            .Then(Downloaded(2, 2), Importing(2, 2));

    [Fact]
    public void A_torrent_without_a_new_archive_is_imported_at_once_because_every_message_is_here() =>
        Given([.. Followed(Five, 1), Received(new Clock(6), 2), Downloading(2), ArchivesDownloaded(2, 1, 1)])
            .When(Complete(2, 1))
            .Then(Downloaded(2, 1), Imported(2));

    [Fact]
    public void A_quarantined_archive_is_tried_again_with_the_next_torrent_because_its_bytes_may_be_mended() =>
        Given([
                .. Fetching,
                Downloaded(1, 1),
                Importing(1, 1),
                new ArchiveQuarantined(Id, Hash(1), Archive(1), "no archive"),
                Imported(1),
                Received(new Clock(6), 2),
                Downloading(2),
                ArchivesDownloaded(2, 1, 1),
            ])
            .When(Complete(2, 1))
            .Then(Downloaded(2, 1), Importing(2, 1));

    [Fact]
    public void The_end_again_is_quiet_because_nothing_waits_for_it() =>
        Given([.. Fetching, Downloaded(1, 1), Importing(1, 1)]).When(Complete(1, 1)).ThenNothing();

    [Fact]
    public void The_end_of_a_cancelled_download_is_quiet_because_a_newer_one_took_its_place() =>
        Given([.. Fetching, new DownloadCancelled(Id, Hash(1), Hash(2)), Downloading(2)]).When(Complete(1, 1)).ThenNothing();

    [Fact]
    public void A_download_that_was_given_up_is_a_fact_because_someone_must_look_into_it() =>
        Given(Fetching).When(new FailDownload(Id, Hash(1), "no peer")).Then(new DownloadFailed(Id, Hash(1), "no peer"));

    [Fact]
    public void The_failure_again_is_quiet_because_the_download_is_over() =>
        Given([.. Fetching, new DownloadFailed(Id, Hash(1), "no peer")]).When(new FailDownload(Id, Hash(1), "no peer")).ThenNothing();

    [Fact]
    public void The_failure_of_a_cancelled_download_is_quiet_because_the_newer_one_goes_on() =>
        Given([.. Fetching, new DownloadCancelled(Id, Hash(1), Hash(2)), Downloading(2)])
            .When(new FailDownload(Id, Hash(1), "cancelled"))
            .ThenNothing();

    private static ReportArchivesDownloaded Report(int torrent, int total, params int[] archives) =>
        new(Id, Hash(torrent), [.. archives.Select(Archive)], total);

    private static CompleteDownload Complete(int torrent, params int[] archives) =>
        new(Id, Hash(torrent), [.. archives.Select(Archive)], DataBytes(torrent));
}
