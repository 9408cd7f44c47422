using System.Diagnostics;
using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventArchive.Bench.Archives;

/// <summary>Adding one week to archives of several sizes; the messages are in memory, so that the rest is seen.</summary>
internal sealed class AppendBench(BenchFolder folder, int rounds, IReadOnlyList<long> baseSizes)
{
    private const int PayloadBytes = 3000;
    private const double AllowedRatio = 1.3;
    private const double AllowedMilliseconds = 20;

    private static readonly long[] WeekSizes = [1_000_000, 30_000_000];

    public async Task Run(Report report)
    {
        List<Base> bases = [];
        foreach (var size in baseSizes)
        {
            report.Progress($"making archives of {size / 1_000_000:N0} MB");
            var sample = new Sample(size, PayloadBytes);
            var root = folder.Next();
            bases.Add(new(root, await Cut(root, sample.Messages(), Sample.Start, sample.End, parent: null), sample.End));
        }
        var table = report.Table("Adding a week", "week, MB", "data before, MB", "ms", "to the smallest", "goal, ms", "CPU ms");
        foreach (var bytes in WeekSizes)
        {
            var (times, cpus) = await Add(bases, bytes);
            var smallest = Report.Median(times[0]);
            foreach (var (one, ms, cpu) in bases.Zip(times.Select(Report.Median), cpus.Select(Report.Median)))
                table.Row(
                    $"{bytes / 1_000_000}",
                    $"{one.Parent.DataBytes / 1_000_000:N0}",
                    $"{ms:F1}",
                    $"{ms / smallest:F2}",
                    $"{(smallest * AllowedRatio) + AllowedMilliseconds:F1}",
                    $"{cpu:F1}"
                );
        }
    }

    /// <summary>Round by round over all sizes, so that what else the machine does meets each of them.</summary>
    private async Task<(List<double>[] Times, List<double>[] Cpus)> Add(IReadOnlyList<Base> bases, long bytes)
    {
        var times = bases.Select(_ => new List<double>()).ToArray();
        var cpus = bases.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round <= rounds; round++)
        for (var i = 0; i < bases.Count; i++)
        {
            var (root, parent, start) = bases[i];
            var week = new Sample(bytes, PayloadBytes)
                .Messages()
                .Select((message, n) => message with { Timestamp = start + (ulong)n })
                .ToList();
            var before = new TreeState(root, parent);
            GC.Collect();
            var cpu = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();
            await Cut(root, week, start, start + Sample.Week, parent);
            // The first one warms up.
            if (round > 0)
            {
                times[i].Add(clock.Elapsed.TotalMilliseconds);
                cpus[i].Add((Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
            }
            before.Restore();
        }
        return (times, cpus);
    }

    private static async Task<Cut> Cut(string root, IEnumerable<ArchivedMessage> messages, ulong from, ulong to, Cut? parent)
    {
        var tree = new ArchiveTree(new ArchiveTreeOptions { Root = root }, NullLogger<ArchiveTree>.Instance);
        // They come in order, and each window takes its part: one pass, however many there are.
        using var all = messages.GetEnumerator();
        var pending = all.MoveNext();
        var plan = new CutPlan(Sample.Community, from, to, Sample.Week, [Sample.Topic], parent?.Torrent.InfoHash, parent?.DataBytes ?? 0);
        return (await tree.Cut(plan, (window, _) => Window(window).ToAsyncEnumerable(), CancellationToken.None)).Made!;

        IEnumerable<ArchivedMessage> Window(CutWindow window)
        {
            for (; pending && all.Current.Timestamp < window.To; pending = all.MoveNext())
                yield return all.Current;
        }
    }

    private sealed record Base(string Root, Cut Parent, ulong End);
}
