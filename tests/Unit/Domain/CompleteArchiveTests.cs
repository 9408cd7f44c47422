using EventArchive.Domain;
using EventArchive.Events;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class CompleteArchiveTests
{
    [Fact]
    public void A_finished_cut_is_created_with_all_that_an_auditor_needs_to_recompute_it() =>
        Given(Enabled, Cutting()).When(Complete(1)).Then(Created(1));

    [Fact]
    public void A_cut_without_a_message_is_skipped_because_the_window_is_closed_all_the_same() =>
        Given(Enabled, Cutting())
            .When(Complete(1) with { Torrent = null, Archives = [], SetAside = new Dictionary<string, string>() })
            .Then(new ArchiveSkipped(Id, T0, T1));

    [Fact]
    public void A_skipped_window_names_the_messages_that_no_archive_can_hold_because_they_are_lost_otherwise() =>
        Given(Enabled, Cutting())
            .When(Complete(1) with { Torrent = null, Archives = [] })
            .Then(new ArchiveSkipped(Id, T0, T1, [new SetAsideMessage("0x01", "too large")]));

    [Fact]
    public void The_report_again_is_quiet_because_nothing_waits_for_it() =>
        Given(Enabled, Cutting(), Created(1)).When(Complete(1)).ThenNothing();

    [Theory]
    [InlineData(T0, T2)]
    [InlineData(T0 + 1, T1)]
    public void A_report_of_another_window_is_quiet_because_that_cut_was_given_up(ulong from, ulong to) =>
        Given(Enabled, Cutting()).When(Complete(1) with { From = from, To = to }).ThenNothing();

    [Fact]
    public void A_report_after_the_failure_is_quiet_because_the_window_is_to_be_cut_anew() =>
        Given(Enabled, Cutting(), Failed()).When(Complete(1)).ThenNothing();

    [Fact]
    public void A_failed_cut_is_a_fact_because_someone_must_look_into_it() =>
        Given(Enabled, Cutting()).When(new FailArchiveCreation(Id, T0, T1, "disk full")).Then(Failed());

    [Fact]
    public void The_failure_again_is_quiet_because_the_cut_is_over() =>
        Given(Enabled, Cutting(), Failed()).When(new FailArchiveCreation(Id, T0, T1, "disk full")).ThenNothing();

    [Theory]
    [InlineData(T0, T2)]
    [InlineData(T0 + 1, T1)]
    public void The_failure_of_another_window_is_quiet_because_it_is_not_the_one_that_runs(ulong from, ulong to) =>
        Given(Enabled, Cutting()).When(new FailArchiveCreation(Id, from, to, "disk full")).ThenNothing();

    [Fact]
    public void A_failure_after_the_success_of_another_node_is_quiet_because_the_files_exist() =>
        Given(Enabled, Cutting(), Created(1)).When(new FailArchiveCreation(Id, T0, T1, "lease lost")).ThenNothing();

    private static ArchiveCreationFailed Failed() => new(Id, T0, T1, "disk full");

    private static CompleteArchive Complete(int torrent) =>
        new(
            Id,
            T0,
            T1,
            new CutTorrent(Hash(torrent), Magnet(torrent), torrent, DataBytes(torrent)),
            [Entry(torrent)],
            Messages: 5,
            new Dictionary<string, string> { ["0x01"] = "too large" },
            "a",
            Peer(1)
        );
}
