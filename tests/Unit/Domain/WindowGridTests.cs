using EventArchive.Domain;
using EventArchive.Events;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Domain;

public sealed class WindowGridTests
{
    /// <summary>[1000, 1100), [1100, 1200), the short [1200, 1250), then [1250, 1260) and [1260, 1270).</summary>
    private static readonly ClosedWindows[] Closed = [new(1000, 1250, 100), new(1250, 1270, 10)];

    [Theory]
    [InlineData(1000, 1000, 1100)]
    [InlineData(1099, 1000, 1100)]
    [InlineData(1100, 1100, 1200)]
    [InlineData(1249, 1200, 1250)]
    [InlineData(1250, 1250, 1260)]
    [InlineData(1269, 1260, 1270)]
    public void A_moment_lies_in_the_window_that_was_cut(ulong timestamp, ulong from, ulong to) =>
        WindowGrid.WindowOf(Closed, timestamp).ShouldBe((from, to));

    [Theory]
    [InlineData(999, 900, 1000)]
    [InlineData(900, 900, 1000)]
    [InlineData(899, 800, 900)]
    [InlineData(0, 0, 100)]
    public void Before_the_first_window_the_grid_goes_on_backwards(ulong timestamp, ulong from, ulong to) =>
        WindowGrid.WindowOf(Closed, timestamp).ShouldBe((from, to));

    [Theory]
    [InlineData(0, 0, 50)]
    [InlineData(49, 0, 50)]
    [InlineData(50, 50, 150)]
    public void The_window_at_the_beginning_of_time_is_short_because_there_is_nothing_before_it(ulong timestamp, ulong from, ulong to) =>
        WindowGrid.WindowOf([new(1050, 2000, 100)], timestamp).ShouldBe((from, to));

    [Fact]
    public void Times_and_lengths_at_the_end_of_their_range_do_not_overflow() =>
        WindowGrid
            .WindowOf([new(ulong.MaxValue - 1, ulong.MaxValue, uint.MaxValue)], ulong.MaxValue - 1)
            .ShouldBe((ulong.MaxValue - 1, ulong.MaxValue));

    [Fact]
    public void A_moment_behind_the_last_window_is_no_late_one() =>
        Should.Throw<ArgumentOutOfRangeException>(() => WindowGrid.WindowOf(Closed, 1270));

    [Fact]
    public void The_list_is_bounded_because_it_is_in_every_cut_and_keeps_the_newest_windows_as_they_were()
    {
        IReadOnlyList<ClosedWindows> closed = [];
        const ulong cuts = WindowGrid.MaxEntries + 500;
        for (ulong cut = 0; cut < cuts; cut++)
            closed = WindowGrid.Close(closed, new(cut * 70, (cut + 1) * 70, 60));

        closed.Count.ShouldBe(WindowGrid.MaxEntries);
        closed[^1].ShouldBe(new((cuts - 1) * 70, cuts * 70, 60));
        closed[0].From.ShouldBe(0UL);
        closed.Zip(closed.Skip(1)).ShouldAllBe(pair => pair.First.To == pair.Second.From);
    }
}
