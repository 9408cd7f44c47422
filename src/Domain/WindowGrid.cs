using EventArchive.Events;

namespace EventArchive.Domain;

/// <summary>The closed windows of a community, and which of them a moment lies in.</summary>
public static class WindowGrid
{
    /// <summary>
    /// Cuts that are told apart. Each that does not continue the grid of the one before, because its last window was short, is an entry in
    /// the state and in every later ArchiveCreationStarted: beyond this the oldest become one.
    /// </summary>
    public const int MaxEntries = 1000;

    /// <summary>Adds the windows of a cut that begins where the last one ended. On the same grid they continue it.</summary>
    public static IReadOnlyList<ClosedWindows> Close(IReadOnlyList<ClosedWindows> closed, ClosedWindows cut)
    {
        if (closed is [.., var last] && Continues(last, cut))
            return [.. closed.SkipLast(1), last with { To = cut.To }];
        return closed.Count < MaxEntries
            ? [.. closed, cut]
            : [new(closed[0].From, closed[1].To, Math.Max(closed[0].PartitionSeconds, closed[1].PartitionSeconds)), .. closed.Skip(2), cut];
    }

    /// <param name="closed">Not empty, oldest first and without a gap.</param>
    /// <param name="timestamp">Before the end of the last. Before the first the grid goes on backwards.</param>
    public static (ulong From, ulong To) WindowOf(IReadOnlyList<ClosedWindows> closed, ulong timestamp)
    {
        var first = closed[0];
        if (timestamp < first.From)
        {
            var back = (first.From - timestamp - 1) / first.PartitionSeconds;
            var to = first.From - (back * first.PartitionSeconds);
            return (to > first.PartitionSeconds ? to - first.PartitionSeconds : 0, to);
        }
        var entry =
            closed.FirstOrDefault(windows => timestamp < windows.To)
            ?? throw new ArgumentOutOfRangeException(nameof(timestamp), timestamp, "It lies in no closed window.");
        var from = timestamp - ((timestamp - entry.From) % entry.PartitionSeconds);
        return (from, entry.To - from > entry.PartitionSeconds ? from + entry.PartitionSeconds : entry.To);
    }

    private static bool Continues(ClosedWindows last, ClosedWindows cut) =>
        last.To == cut.From && last.PartitionSeconds == cut.PartitionSeconds && (last.To - last.From) % last.PartitionSeconds == 0;
}
