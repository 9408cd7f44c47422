using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

/// <summary>What a cut pins of the cuts before it, so that messages recorded since then are found, and no other.</summary>
public sealed class LateMessageTests
{
    private static readonly IEvent[] Weeks = [Enabled, Cutting(), Created(1), Cutting(T1, T2, 1), Created(2, T1, T2)];

    [Fact]
    public void The_first_cut_has_nothing_late_because_no_window_was_closed_before_it() =>
        Cut(To: T1, Enabled).Then(Cutting(T0, T1) with { ClosedWindows = [], TakenMessages = [] });

    [Fact]
    public void Weekly_cuts_are_one_entry_because_they_continue_one_grid() =>
        Cut(To: T3, Weeks).Then(Cutting(T2, T3, 2) with { ClosedWindows = [new(T0, T2, Week)], TakenMessages = [Taken(T2)] });

    [Fact]
    public void A_short_last_window_ends_its_grid_because_the_next_cut_begins_a_new_one() =>
        Cut(To: T3, Enabled, Cutting(T0, T1 + 5), new ArchiveSkipped(Id, T0, T1 + 5), Short(T1 + 5, T2), new ArchiveSkipped(Id, T1 + 5, T2))
            .Then(Cutting(T2, T3) with { ClosedWindows = [new(T0, T1 + 5, Week), new(T1 + 5, T2, Week)] });

    [Fact]
    public void Another_length_of_windows_begins_a_new_grid_because_a_late_message_goes_into_its_own_window() =>
        Cut(To: T3, Enabled, Cutting(), Created(1), Cutting(T1, T2, 1) with { PartitionSeconds = 3600 }, Created(2, T1, T2))
            .Then(Cutting(T2, T3, 2) with { ClosedWindows = [new(T0, T1, Week), new(T1, T2, 3600)] });

    [Fact]
    public void A_higher_number_takes_the_place_of_the_lower_because_the_later_cut_took_what_was_late() =>
        Cut(To: T3, Enabled, Cutting(), Created(1), Cutting(T1, T2, 1) with { HighestMessageNumber = 99 }, Created(2, T1, T2))
            .Then(Cutting(T2, T3, 2) with { TakenMessages = [Taken(T2, 99)] });

    [Fact]
    public void A_failed_cut_leaves_late_what_was_late_because_it_wrote_nothing() =>
        Cut(To: T2, Enabled, Cutting(), Created(1), Cutting(T1, T2, 1) with { HighestMessageNumber = 99 }, Failed(T1, T2))
            .Then(Cutting(T1, T2, 1));

    [Fact]
    public void A_skipped_cut_has_looked_at_all_there_was_so_nothing_of_it_is_late() =>
        Cut(To: T3, Enabled, Cutting(), Created(1), Cutting(T1, T2, 1) with { HighestMessageNumber = 99 }, new ArchiveSkipped(Id, T1, T2))
            .Then(Cutting(T2, T3, 1) with { TakenMessages = [Taken(T2, 99)] });

    [Fact]
    public void The_history_of_a_channel_added_later_is_late_because_no_cut_took_it() =>
        Cut(To: T2, Enabled, Cutting(), Created(1), new ChannelsChanged(Id, [General, Offtopic]))
            .Then(Cutting(T1, T2, 1) with { ContentTopics = [General, Offtopic], TakenMessages = [Taken(T1, HighestNumber, General)] });

    [Fact]
    public void A_channel_taken_away_keeps_what_was_taken_because_it_may_come_back()
    {
        var alone = Cutting(T1, T2, 1) with { ContentTopics = [Offtopic], HighestMessageNumber = 99 };
        Cut(To: T3, Enabled, Cutting(), Created(1), new ChannelsChanged(Id, [Offtopic]), alone, Created(2, T1, T2))
            .Then(
                Cutting(T2, T3, 2) with
                {
                    ContentTopics = [Offtopic],
                    TakenMessages = [Taken(T1, HighestNumber, General), Taken(T2, 99, Offtopic)],
                }
            );
    }

    [Fact]
    public void A_cut_of_a_release_without_late_messages_took_its_own_window_alone_so_what_it_passed_over_is_still_late()
    {
        var former = Cutting(T1, T2, 1) with { HighestMessageNumber = 99, ClosedWindows = null, TakenMessages = null };
        Cut(To: T3, Enabled, Cutting() with { ClosedWindows = null, TakenMessages = null }, Created(1), former, Created(2, T1, T2))
            .Then(Cutting(T2, T3, 2) with { ClosedWindows = [new(T0, T2, Week)], TakenMessages = [Taken(T1), new(T1, T2, 99, [General])] });
    }

    [Fact]
    public void Late_messages_alone_make_no_cut_of_a_closed_window_because_they_wait_for_the_next() => Cut(To: T2, Weeks).ThenNothing();

    private static CommunitySpec Cut(ulong To, params IEnumerable<IEvent> events) =>
        Given([.. events])
            .Knowing(facts => facts with { OldestMessage = T0, HighestMessageNumber = HighestNumber })
            .When(new CreateArchive(Id, To: To));

    private static ArchiveCreationStarted Short(ulong from, ulong to) => Cutting(T1, to) with { From = from };

    private static ArchiveCreationFailed Failed(ulong from, ulong to) => new(Id, from, to, "disk full");
}
