using System.Collections.Immutable;

namespace EventArchive.Model;

/// <summary>A set of seconds: ranges in order that neither touch nor overlap.</summary>
public sealed class TimeRanges : IEquatable<TimeRanges>
{
    public static readonly TimeRanges None = new([]);

    private TimeRanges(ImmutableArray<TimeRange> list) => List = list;

    public ImmutableArray<TimeRange> List { get; }

    public bool IsEmpty => List.IsEmpty;

    /// <param name="ranges">In any order; they may overlap, and be empty.</param>
    public static TimeRanges Of(params IEnumerable<TimeRange> ranges)
    {
        var list = ImmutableArray.CreateBuilder<TimeRange>();
        foreach (var range in ranges.Where(range => range.From < range.To).OrderBy(range => range.From))
        {
            if (list.Count > 0 && range.From <= list[^1].To)
                list[^1] = new TimeRange(list[^1].From, Math.Max(list[^1].To, range.To));
            else
                list.Add(range);
        }
        return new TimeRanges(list.ToImmutable());
    }

    public TimeRanges With(TimeRanges others) =>
        others.IsEmpty ? this
        : IsEmpty ? others
        : Of(List.Concat(others.List));

    public TimeRanges Without(TimeRanges others)
    {
        var left = List.AsEnumerable();
        foreach (var gone in others.List)
            left = [.. left.SelectMany(range => Cut(range, gone))];
        return new TimeRanges([.. left]);
    }

    public TimeRanges Within(TimeRange window) =>
        Of(List.Select(range => new TimeRange(Math.Max(range.From, window.From), Math.Min(range.To, window.To))));

    /// <summary>The ranges in parts of at most so many seconds.</summary>
    public IEnumerable<TimeRange> Slices(ulong seconds)
    {
        foreach (var range in List)
        {
            for (var from = range.From; from < range.To; from += seconds)
                yield return new TimeRange(from, Math.Min(range.To, from + seconds));
        }
    }

    public bool Equals(TimeRanges? other) => other is not null && List.SequenceEqual(other.List);

    public override bool Equals(object? obj) => Equals(obj as TimeRanges);

    public override int GetHashCode() => List.Aggregate(0, HashCode.Combine);

    public override string ToString() => string.Join(' ', List.Select(range => $"[{range.From},{range.To})"));

    private static IEnumerable<TimeRange> Cut(TimeRange range, TimeRange gone)
    {
        if (gone.To <= range.From || gone.From >= range.To)
        {
            yield return range;
            yield break;
        }
        if (gone.From > range.From)
            yield return new TimeRange(range.From, gone.From);
        if (gone.To < range.To)
            yield return new TimeRange(gone.To, range.To);
    }
}
