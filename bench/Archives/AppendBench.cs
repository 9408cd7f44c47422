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
        var table = report.Table("Adding a week", "week, MB", "data before, MB", "ms", "to the smallest", "goal, ms");
        var smallest = new double[WeekSizes.Length];
        foreach (var size in baseSizes)
        {
            report.Progress($"making archives of {size / 1_000_000:N0} MB");
            var sample = new Sample(size, PayloadBytes);
            var root = folder.Next();
            var parent = await Cut(root, sample.Messages(), Sample.Start, sample.End, parent: null);
            for (var i = 0; i < WeekSizes.Length; i++)
            {
                var added = await Add(root, parent, sample.End, WeekSizes[i]);
                smallest[i] = smallest[i] == 0 ? added : smallest[i];
                table.Row(
                    $"{WeekSizes[i] / 1_000_000}",
                    $"{parent.DataBytes / 1_000_000:N0}",
                    $"{added:F1}",
                    $"{added / smallest[i]:F2}",
                    $"{(smallest[i] * AllowedRatio) + AllowedMilliseconds:F1}"
                );
            }
            Directory.Delete(root, recursive: true);
        }
    }

    private async Task<double> Add(string root, Cut parent, ulong start, long bytes)
    {
        var week = new Sample(bytes, PayloadBytes)
            .Messages()
            .Select((message, i) => message with { Timestamp = start + (ulong)i })
            .ToList();
        var before = new TreeState(root, parent);
        List<double> times = [];
        for (var round = 0; round <= rounds; round++)
        {
            GC.Collect();
            var clock = Stopwatch.StartNew();
            await Cut(root, week, start, start + Sample.Week, parent);
            // The first one warms up.
            if (round > 0)
                times.Add(clock.Elapsed.TotalMilliseconds);
            before.Restore();
        }
        return Report.Median(times);
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
}
