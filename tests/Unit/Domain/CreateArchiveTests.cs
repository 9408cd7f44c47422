using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class CreateArchiveTests
{
    private static readonly ulong NowSeconds = (ulong)Now.ToUnixTimeSeconds();

    [Fact]
    public void The_first_cut_begins_at_the_oldest_message_because_nothing_was_cut_before() =>
        Recorded(Given(Enabled)).When(new CreateArchive(Id, To: T1)).Then(Cutting(T0, T1));

    [Fact]
    public void Without_an_end_the_cut_ends_now_because_later_messages_may_still_come() =>
        Recorded(Given(Enabled)).When(new CreateArchive(Id)).Then(Cutting(T0, NowSeconds));

    [Fact]
    public void The_whole_input_is_pinned_because_every_attempt_must_write_the_same_bytes() =>
        Recorded(Given(Enabled, new ChannelsChanged(Id, [Offtopic, General]), Cutting(), Created(1)))
            .When(new CreateArchive(Id, T1, T2, PartitionSeconds: 3600))
            .Then(
                new ArchiveCreationStarted(
                    Id,
                    T1,
                    T2,
                    3600,
                    [Offtopic, General],
                    HighestNumber,
                    Hash(1),
                    DataBytes(1),
                    [new ClosedWindows(T0, T1, Week)],
                    [Taken(T1)]
                )
            );

    [Fact]
    public void The_next_cut_begins_where_the_last_one_ended_because_windows_leave_no_gap() =>
        Recorded(Given(Enabled, Cutting(), Created(1))).When(new CreateArchive(Id, To: T2)).Then(Cutting(T1, T2, parent: 1));

    [Fact]
    public void The_cut_after_a_skipped_window_begins_at_its_end_and_has_no_parent_because_there_is_no_torrent_yet() =>
        Recorded(Given(Enabled, Cutting(), new ArchiveSkipped(Id, T0, T1))).When(new CreateArchive(Id, To: T2)).Then(Cutting(T1, T2));

    [Fact]
    public void A_skipped_window_keeps_the_parent_because_the_torrent_is_still_the_present_one() =>
        Recorded(Given(Enabled, Cutting(), Created(1), Cutting(T1, T2, parent: 1), new ArchiveSkipped(Id, T1, T2)))
            .When(new CreateArchive(Id, To: T3))
            .Then(Cutting(T2, T3, parent: 1));

    [Fact]
    public void A_failed_cut_leaves_its_window_open_because_its_messages_are_in_no_archive() =>
        Recorded(Given(Enabled, Cutting(), new ArchiveCreationFailed(Id, T0, T1, "disk full")))
            .When(new CreateArchive(Id, To: T2))
            .Then(Cutting(T0, T2));

    [Fact]
    public void A_closed_window_is_quiet_because_it_is_cut_already() =>
        Recorded(Given(Enabled, Cutting(), Created(1))).When(new CreateArchive(Id, T0, T1)).ThenNothing();

    [Fact]
    public void A_skipped_window_is_quiet_too_because_it_is_closed_all_the_same() =>
        Recorded(Given(Enabled, Cutting(), new ArchiveSkipped(Id, T0, T1))).When(new CreateArchive(Id, To: T1)).ThenNothing();

    [Fact]
    public void A_machine_clock_behind_the_last_cut_is_quiet_because_windows_never_overlap() =>
        Recorded(Given(Enabled, Cutting(), Created(1)))
            .At(DateTimeOffset.FromUnixTimeSeconds((long)T0))
            .When(new CreateArchive(Id))
            .ThenNothing();

    [Fact]
    public void The_window_that_is_being_cut_is_quiet_because_the_wish_is_under_way() =>
        Recorded(Given(Enabled, Cutting())).When(new CreateArchive(Id, To: T1)).ThenNothing();

    [Fact]
    public void An_older_message_that_came_meanwhile_does_not_make_it_another_window_because_the_beginning_is_pinned() =>
        Recorded(Given(Enabled, Cutting(T0 + 5))).When(new CreateArchive(Id, To: T1)).ThenNothing();

    [Fact]
    public void Another_window_while_one_is_being_cut_is_refused_because_the_next_one_continues_its_torrent() =>
        Recorded(Given(Enabled, Cutting())).When(new CreateArchive(Id, To: T2)).ThenRefused("archive_creation_running");

    [Fact]
    public void Another_beginning_while_one_is_being_cut_is_refused_because_it_is_another_window() =>
        Recorded(Given(Enabled, Cutting())).When(new CreateArchive(Id, T0 + 1, T1)).ThenRefused("archive_creation_running");

    [Theory]
    [InlineData(T1 + 1)]
    [InlineData(T1 - 1)]
    public void A_beginning_beside_the_last_end_is_refused_because_windows_neither_overlap_nor_leave_a_gap(ulong from) =>
        Recorded(Given(Enabled, Cutting(), Created(1))).When(new CreateArchive(Id, from, T2)).ThenRefused("window_gap");

    [Fact]
    public void A_window_that_is_not_over_is_refused_because_its_messages_are_still_coming() =>
        Recorded(Given(Enabled)).When(new CreateArchive(Id, T0, NowSeconds + 1)).ThenRefused("window_not_over");

    [Fact]
    public void A_window_that_ends_this_second_is_cut_because_it_is_over() =>
        Recorded(Given(Enabled)).When(new CreateArchive(Id, T0, NowSeconds)).Then(Cutting(T0, NowSeconds));

    [Theory]
    [InlineData(T1, T1)]
    [InlineData(T2, T1)]
    public void A_window_without_a_second_in_it_is_refused_because_it_holds_no_message(ulong from, ulong to) =>
        Recorded(Given(Enabled)).When(new CreateArchive(Id, from, to)).ThenRefused("window_empty");

    [Fact]
    public void As_many_windows_as_a_cut_may_make_are_cut() =>
        Recorded(Given(Enabled))
            .When(new CreateArchive(Id, T0, T0 + (Community.MaxWindowsPerCut * 60), PartitionSeconds: 60))
            .Then(Cutting(T0, T0 + (Community.MaxWindowsPerCut * 60)) with { PartitionSeconds = 60 });

    [Fact]
    public void One_second_more_is_refused_because_it_needs_one_window_more() =>
        Recorded(Given(Enabled))
            .When(new CreateArchive(Id, T0, T0 + (Community.MaxWindowsPerCut * 60) + 1, PartitionSeconds: 60))
            .ThenRefused("too_many_windows");

    [Fact]
    public void Without_a_recorded_message_the_first_cut_is_refused_because_it_has_no_beginning() =>
        Given(Enabled).When(new CreateArchive(Id, To: T1)).ThenRefused("nothing_recorded");

    [Fact]
    public void With_a_beginning_the_first_cut_needs_no_message_because_an_empty_window_can_be_closed() =>
        Given(Enabled).When(new CreateArchive(Id, T0, T1)).Then(Cutting(T0, T1) with { HighestMessageNumber = 0 });

    [Fact]
    public void A_member_is_refused_because_only_the_control_node_cuts() =>
        Recorded(Given(Member)).When(new CreateArchive(Id, To: T1)).ThenRefused("not_control_node");

    [Fact]
    public void While_the_torrent_is_downloaded_again_it_is_refused_because_there_are_no_files_to_continue() =>
        Recorded(Given(Enabled, Cutting(), Created(1), Downloading(1))).When(new CreateArchive(Id, To: T2)).ThenRefused("restore_running");

    [Fact]
    public void While_the_restored_torrent_is_imported_it_is_refused_because_its_end_would_put_the_old_torrent_above_the_new_one() =>
        Recorded(Given(Enabled, Cutting(), Created(1), Downloading(1), Downloaded(1, 1), Importing(1, 1)))
            .When(new CreateArchive(Id, To: T2))
            .ThenRefused("restore_running");

    [Fact]
    public void After_a_restore_the_cut_continues_the_restored_torrent_because_its_files_are_back() =>
        Recorded(Given(Enabled, Cutting(), Created(1), Downloading(1), Downloaded(1, 1), Imported(1)))
            .When(new CreateArchive(Id, To: T2))
            .Then(Cutting(T1, T2, parent: 1));

    private static CommunitySpec Recorded(CommunitySpec spec) =>
        spec.Knowing(facts => facts with { OldestMessage = T0, HighestMessageNumber = HighestNumber });
}
