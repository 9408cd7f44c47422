using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class ImportTests
{
    private static readonly IEvent[] Filling = [Member, Received(new Clock(5), 1), Downloading(1), Downloaded(1, 2), Importing(1, 1, 2)];
    private static readonly ArchiveQuarantined Quarantined = new(Id, Hash(1), Archive(2), "no archive");

    [Fact]
    public void Imported_archives_are_a_fact_with_what_was_new_and_what_was_not() =>
        Given(Filling).When(Report(1, 1, 2)).Then(ArchivesImported(1, 1, 2), Imported(1));

    [Fact]
    public void Only_archives_that_were_to_be_imported_are_reported_because_a_retry_names_them_again() =>
        Given([.. Filling, ArchivesImported(1, 1)]).When(Report(1, 1, 2, 2, 3)).Then(ArchivesImported(1, 2), Imported(1));

    [Fact]
    public void The_same_archives_again_are_quiet_because_they_are_imported() =>
        Given([.. Filling, ArchivesImported(1, 1)]).When(Report(1, 1)).ThenNothing();

    [Fact]
    public void Archives_of_a_replaced_torrent_are_quiet_because_the_newer_one_imports_them_again() =>
        Given([.. Filling, Received(new Clock(6), 2), Downloading(2)]).When(Report(1, 1)).ThenNothing();

    [Fact]
    public void Archives_of_a_replaced_torrent_are_quiet_in_the_import_of_the_newer_one_too_because_an_id_does_not_cover_content() =>
        Given([.. Filling, Received(new Clock(6), 2), Downloading(2), Downloaded(2, 2), Importing(2, 1, 2)])
            .When(Report(1, 1))
            .ThenNothing();

    [Fact]
    public void The_quarantine_in_a_replaced_torrent_is_quiet_in_the_import_of_the_newer_one_because_its_bytes_may_be_mended() =>
        Given([.. Filling, Received(new Clock(6), 2), Downloading(2), Downloaded(2, 2), Importing(2, 1, 2)])
            .When(new QuarantineArchive(Id, Hash(1), Archive(2), "no archive"))
            .ThenNothing();

    [Fact]
    public void An_archive_that_cannot_be_read_is_quarantined_because_the_others_are_worth_having() =>
        Given(Filling).When(new QuarantineArchive(Id, Hash(1), Archive(2), "no archive")).Then(Quarantined);

    [Fact]
    public void The_quarantine_again_is_quiet_because_it_is_known() =>
        Given([.. Filling, Quarantined]).When(new QuarantineArchive(Id, Hash(1), Archive(2), "no archive")).ThenNothing();

    [Fact]
    public void An_imported_archive_is_not_quarantined_because_its_messages_are_here() =>
        Given([.. Filling, ArchivesImported(1, 2)]).When(new QuarantineArchive(Id, Hash(1), Archive(2), "no archive")).ThenNothing();

    [Fact]
    public void The_quarantine_of_a_replaced_torrent_is_quiet_because_nothing_waits_for_it() =>
        Given([.. Filling, Received(new Clock(6), 2), Downloading(2)])
            .When(new QuarantineArchive(Id, Hash(1), Archive(2), "no archive"))
            .ThenNothing();

    [Fact]
    public void A_quarantined_archive_is_not_imported_because_it_was_left_out() =>
        Given([.. Filling, Quarantined]).When(Report(1, 2)).ThenNothing();

    [Fact]
    public void The_last_archive_ends_the_import_because_nothing_is_left_to_do() =>
        Given([.. Filling, ArchivesImported(1, 1)]).When(Report(1, 2)).Then(ArchivesImported(1, 2), Imported(1));

    [Fact]
    public void The_quarantine_of_the_last_archive_ends_the_import_because_it_can_never_be_imported() =>
        Given([.. Filling, ArchivesImported(1, 1)])
            .When(new QuarantineArchive(Id, Hash(1), Archive(2), "no archive"))
            .Then(Quarantined, Imported(1));

    [Fact]
    public void The_last_archive_beside_a_quarantined_one_ends_the_import_because_that_one_was_left_out() =>
        Given([.. Filling, Quarantined]).When(Report(1, 1)).Then(ArchivesImported(1, 1), Imported(1));

    [Fact]
    public void The_last_archive_again_is_quiet_because_the_history_is_imported() =>
        Given([.. Filling, ArchivesImported(1, 1, 2), Imported(1)]).When(Report(1, 2)).ThenNothing();

    [Fact]
    public void An_imported_torrent_is_seeded_because_members_serve_each_other() =>
        Given([.. Filling, ArchivesImported(1, 1, 2), Imported(1)])
            .When(new ConfirmSeeding(Id, Hash(1), "m", Peer(1)))
            .Then(Seeding(1, "m"));

    private static ReportArchivesImported Report(int torrent, params int[] archives) =>
        new(Id, Hash(torrent), [.. archives.Select(Archive)], Messages: 10, Repeats: 1);
}
