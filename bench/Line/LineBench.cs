using System.Collections.Concurrent;
using System.Diagnostics;

namespace EventArchive.Bench.Line;

/// <summary>Lines at a steady rate, and as many at once as there are communities.</summary>
internal sealed class LineBench(LineBus bus, IReadOnlyList<Communities.Community> communities, BenchTable table, string streams)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <returns>The median, milliseconds.</returns>
    public async Task<double> Steady(int perSecond, TimeSpan duration)
    {
        var idle = new ConcurrentQueue<Communities.Community>(communities);
        List<Task> running = [];
        ConcurrentBag<double> times = [];
        var (begun, count, late) = (Stopwatch.GetTimestamp(), 0, 0);
        for (; Stopwatch.GetElapsedTime(begun) < duration; count++)
        {
            var due = TimeSpan.FromSeconds(count / (double)perSecond) - Stopwatch.GetElapsedTime(begun);
            if (due > TimeSpan.Zero)
                await Task.Delay(due);
            if (idle.TryDequeue(out var community))
                running.Add(Once(community, idle, times));
            else
                late++;
        }
        await Task.WhenAll(running).WaitAsync(Limit);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var sorted = times.Order().ToArray();
        table.Row(
            streams,
            $"{perSecond}/s",
            $"{sorted.Length}",
            $"{sorted.Length / seconds:F1}",
            $"{Report.Median(sorted):F0}",
            $"{sorted[(int)(sorted.Length * 0.99)]:F0}",
            $"{late}"
        );
        return Report.Median(sorted);
    }

    public async Task Burst()
    {
        ConcurrentBag<double> times = [];
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(communities.Select(community => Once(community, [], times))).WaitAsync(Limit);
        var seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var sorted = times.Order().ToArray();
        table.Row(
            streams,
            $"{communities.Count} at once",
            $"{sorted.Length}",
            $"{sorted.Length / seconds:F1}",
            $"{Report.Median(sorted):F0}",
            $"{sorted[^1]:F0}",
            "0"
        );
    }

    private async Task Once(Communities.Community community, ConcurrentQueue<Communities.Community> idle, ConcurrentBag<double> times)
    {
        times.Add(await bus.Run(community));
        idle.Enqueue(community);
    }
}
