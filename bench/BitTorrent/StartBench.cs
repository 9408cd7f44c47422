using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using EventArchive.Bench;
using EventArchive.Testing;

namespace EventArchive.Bench.BitTorrent;

/// <summary>A node that has many communities starts again, and then idles.</summary>
internal sealed class StartBench(string folder, IReadOnlyList<int> counts, TimeSpan idle)
{
    /// <summary>opentracker asks for an announce every 27 to 33 minutes.</summary>
    private const double AnnounceSeconds = 1800;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

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
            double startCpu;
            var largest = count == counts[^1];
            await using (var again = await Programs.Ours("seed", root))
            {
                startCpu = again.CpuSeconds;
                table.Row(
                    $"{count:N0}",
                    $"{first:N1}",
                    $"{again.Number("seconds"):N1}",
                    largest ? "20" : "",
                    $"{again.ResidentMegabytes:N0}",
                    largest ? "1,000" : "",
                    $"{await IdleShare(again):N1}",
                    largest ? "5" : ""
                );
            }
            if (largest)
                await WithTracker(report, root, count, startCpu);
            Directory.Delete(root, recursive: true);
        }
    }

    /// <param name="report">Gets a table.</param>
    /// <param name="root">Where the torrents are.</param>
    /// <param name="count">How many.</param>
    /// <param name="startCpu">CPU seconds of a start without a tracker: what is more than that, the announces took.</param>
    private async Task WithTracker(Report report, string root, int count, double startCpu)
    {
        var port = FreePort.Next();
        var place = Directory.CreateDirectory(Path.Combine(folder, "start-tracker")).FullName;
        using var tracker = Programs.Tracker(place, port, SampleTorrent.List(root));
        try
        {
            using var http = new HttpClient();
            var clock = Stopwatch.StartNew();
            await using var seeder = await Programs.Ours("seed", root, $"http://127.0.0.1:{port}/announce");
            var stats = new XElement("stats");
            await Deadline.Until(
                "the tracker knows every torrent",
                async () =>
                {
                    stats = XElement.Parse(await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/stats?mode=everything")));
                    return Number(stats.Element("seeds")?.Element("count")) == count;
                },
                Limit,
                CancellationToken.None
            );
            var announced = clock.Elapsed.TotalSeconds;
            var announces = Number(stats.Element("connections")?.Element("tcp")?.Element("announce"));
            var milliseconds = 1000 * Math.Max(0, seeder.CpuSeconds - startCpu) / announces;
            var share = await IdleShare(seeder);
            report
                .Table(
                    "The same with a tracker (opentracker over HTTP, an announce of each torrent in half an hour)",
                    "torrents",
                    "start again, s",
                    "all announced, s",
                    "goal, s",
                    "announces",
                    "CPU of one, ms",
                    "memory, MB",
                    "goal, MB",
                    "idle between them, % of a core",
                    "idle with them, %",
                    "goal, %"
                )
                .Row(
                    $"{count:N0}",
                    $"{seeder.Number("seconds"):N1}",
                    $"{announced:N1}",
                    "20",
                    $"{announces:N0}",
                    $"{milliseconds:N2}",
                    $"{seeder.ResidentMegabytes:N0}",
                    "1,000",
                    $"{share:N1}",
                    $"{share + (milliseconds * count / AnnounceSeconds / 10):N1}",
                    "5"
                );
        }
        finally
        {
            tracker.Kill();
        }
    }

    private static long Number(XElement? element) => long.Parse(element?.Value ?? "0", CultureInfo.InvariantCulture);

    private async Task<double> IdleShare(RunningProgram program)
    {
        var before = program.CpuSeconds;
        await Task.Delay(idle);
        return 100 * (program.CpuSeconds - before) / idle.TotalSeconds;
    }
}
