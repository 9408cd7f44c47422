using EventArchive.Domain;
using EventArchive.Events;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Unit.Domain.CommunitySpec;
using static EventArchive.Tests.Unit.Domain.Sample;

namespace EventArchive.Tests.Unit.Domain;

public sealed class ReportHistoryGapTests
{
    private const string Why = "No store node answered.";

    [Fact]
    public void A_range_that_no_store_could_answer_is_a_fact_because_archives_of_that_time_may_lack_messages() =>
        Given(Enabled)
            .When(new ReportHistoryGap(Id, [General, Offtopic], 100, 200, Why))
            .Then(new HistoryGapFound(Id, [General, Offtopic], 100, 200, Why));

    [Fact]
    public void What_is_known_as_a_gap_is_quiet_because_the_same_range_is_tried_again_and_again()
    {
        var known = new HistoryGapFound(Id, [General], 100, 200, Why);
        Given(Enabled, known).When(new ReportHistoryGap(Id, [General], 120, 200, Why)).ThenNothing();
        Given(Enabled, known)
            .When(new ReportHistoryGap(Id, [General, Offtopic], 100, 200, Why))
            .Then(new HistoryGapFound(Id, [Offtopic], 100, 200, Why));
        Given(Enabled, known)
            .When(new ReportHistoryGap(Id, [General], 150, 250, Why))
            .Then(new HistoryGapFound(Id, [General], 150, 250, Why));
        Given(Enabled).When(new ReportHistoryGap(Id, [General], 200, 200, Why)).ThenNothing();
    }

    [Fact]
    public void A_gap_that_a_store_fills_later_is_a_fact_and_one_that_never_was_is_none()
    {
        var known = new HistoryGapFound(Id, [General], 100, 200, Why);
        Given(Enabled, known)
            .When(new ReportHistoryFilled(Id, [General, Offtopic], 50, 150))
            .Then(new HistoryGapFilled(Id, [General], 50, 150));
        Given(Enabled, known).When(new ReportHistoryFilled(Id, [General], 200, 300)).ThenNothing();
        Given(Enabled, known, new HistoryGapFilled(Id, [General], 100, 200))
            .When(new ReportHistoryFilled(Id, [General], 100, 200))
            .ThenNothing();
    }

    [Fact]
    public void Gaps_that_touch_are_one_and_what_is_filled_inside_divides_one() =>
        Given(
            Enabled,
            new HistoryGapFound(Id, [General, Offtopic], 100, 200, Why),
            new HistoryGapFound(Id, [General], 200, 300, Why),
            new HistoryGapFilled(Id, [General], 150, 160),
            new HistoryGapFilled(Id, [Offtopic], 0, 1000)
        )
            .Community.Gaps.ShouldBe([new HistoryGap(General, 100, 150), new HistoryGap(General, 160, 300)]);
}
