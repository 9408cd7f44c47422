using EventArchive.Domain;
using EventArchive.Events;

namespace EventArchive.Handlers;

/// <summary>The closed windows that late messages fall into. The same messages give the same windows.</summary>
internal static class LateWindows
{
    /// <summary>
    /// Windows of one cut at most. Each costs a piece of 102,400 bytes for ever, and timestamps are a stranger's: where there are more,
    /// neighbours become one window.
    /// </summary>
    public const int MaxWindows = 1000;

    /// <param name="timestamps">Ascending.</param>
    public static async Task<IReadOnlyList<CutWindow>> Find(
        IReadOnlyList<ClosedWindows> closed,
        IAsyncEnumerable<ulong> timestamps,
        CancellationToken cancellation
    )
    {
        List<CutWindow> windows = [];
        ulong foundUntil = 0;
        await foreach (var timestamp in timestamps.WithCancellation(cancellation))
        {
            if (timestamp < foundUntil)
                continue;
            if (windows.Count == 2 * MaxWindows)
                windows = JoinPairs(windows);
            var (from, to) = WindowGrid.WindowOf(closed, timestamp);
            windows.Add(new CutWindow(from, to, Late: true));
            foundUntil = to;
        }
        return windows.Count > MaxWindows ? JoinPairs(windows) : windows;
    }

    private static List<CutWindow> JoinPairs(List<CutWindow> windows) =>
        [.. windows.Chunk(2).Select(pair => pair[0] with { To = pair[^1].To })];
}
