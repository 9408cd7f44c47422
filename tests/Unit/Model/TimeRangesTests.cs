using EventArchive.Model;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Model;

public sealed class TimeRangesTests
{
    [Fact]
    public void Union_difference_and_window_are_those_of_sets_of_seconds() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll<byte[], byte[], byte>(AreThoseOfSets));

    private static void AreThoseOfSets(byte[] first, byte[] second, byte from)
    {
        var (a, b, to) = (Ranges(first), Ranges(second), from + 20);
        Seconds(a.With(b)).ShouldBe(Seconds(a).Union(Seconds(b)).Order());
        Seconds(a.Without(b)).ShouldBe(Seconds(a).Except(Seconds(b)).Order());
        Seconds(a.Within(new TimeRange(from, (ulong)to))).ShouldBe(Seconds(a).Where(one => one >= from && one < (ulong)to));
        a.With(b).ShouldBe(b.With(a), "the form is one for each set");
        a.Without(b).With(a).ShouldBe(a);
    }

    [Fact]
    public void Ranges_that_touch_are_one_and_empty_ones_are_none() =>
        TimeRanges.Of(new TimeRange(5, 7), new TimeRange(1, 5), new TimeRange(9, 9), new TimeRange(8, 3)).List.ShouldBe([new(1, 7)]);

    private static TimeRanges Ranges(byte[] ends) =>
        TimeRanges.Of(ends.Chunk(2).Where(pair => pair.Length == 2).Select(pair => new TimeRange(pair[0], pair[1])));

    private static ulong[] Seconds(TimeRanges ranges) =>
        [.. ranges.List.SelectMany(range => Enumerable.Range((int)range.From, (int)(range.To - range.From)).Select(one => (ulong)one))];
}
