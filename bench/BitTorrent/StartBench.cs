using EventArchive.Bench;

namespace EventArchive.Bench.BitTorrent;

/// <summary>A node that has many communities starts again, and then idles.</summary>
internal sealed class StartBench(string folder, IReadOnlyList<int> counts, TimeSpan idle)
{
    public async Task Run(Report report)
    {
        var table = report.Table(
            "Start with torrents that were seeded before",
            "torrents",
            "first start, s",
            "start again, s",
            "goal, s",
            "memory, MB",
            "goal, MB",
            "idle, % of a core",
            "goal, %"
        );
        foreach (var count in counts)
        {
            report.Progress($"Making {count:N0} torrents");
            var root = Directory.CreateDirectory(Path.Combine(folder, $"start-{count}")).FullName;
            for (var number = 0; number < count; number++)
                SampleTorrent.Make(root, number, pieces: 1);
            double first;
            await using (var once = await Programs.Ours("seed", root))
                first = once.Number("seconds");
            await using var again = await Programs.Ours("seed", root);
            var memory = again.ResidentMegabytes;
            var before = again.CpuSeconds;
            await Task.Delay(idle);
            var share = 100 * (again.CpuSeconds - before) / idle.TotalSeconds;
            var largest = count == counts[^1];
            table.Row(
                $"{count:N0}",
                $"{first:N1}",
                $"{again.Number("seconds"):N1}",
                largest ? "20" : "",
                $"{memory:N0}",
                largest ? "1,000" : "",
                $"{share:N1}",
                largest ? "5" : ""
            );
            Directory.Delete(root, recursive: true);
        }
    }
}
