using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EventArchive.Bench.BitTorrent;

/// <summary>
/// Our engine in a process of its own, so that its CPU time and memory are its alone. It prints one line of JSON when it is done, and ends when its
/// input closes.
/// </summary>
internal static class Child
{
    private const int SeedsAtATime = 8;

    public static async Task<int> Run(string[] args)
    {
        var answer = args[0] switch
        {
            "seed" => Seed(args[1], args.ElementAtOrDefault(2)),
            "seed-limited" => Seed(args[1], tracker: null, uploadLimit: Number(args[2])),
            "fetch" => Fetch(args[1], args[2], long.Parse(args[3], CultureInfo.InvariantCulture), args.Length > 4 ? Number(args[4]) : 0),
            _ => throw new ArgumentException($"There is no child {args[0]}."),
        };
        await using var engine = await answer;
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>All torrents below a folder.</summary>
    private static async Task<LibtorrentEngine> Seed(string root, string? tracker, int uploadLimit = 0)
    {
        var clock = Stopwatch.StartNew();
        var engine = await Start(tracker, uploadLimit: uploadLimit);
        var many = new ParallelOptions { MaxDegreeOfParallelism = SeedsAtATime };
        await Parallel.ForEachAsync(SampleTorrent.List(root), many, async (torrent, token) => await engine.Seed(torrent, token));
        Say(new { seconds = clock.Elapsed.TotalSeconds, peer = engine.Peer!.ToString() });
        return engine;
    }

    private static async Task<LibtorrentEngine> Fetch(string root, string magnet, long dataBytes, int downloadLimit)
    {
        var engine = await Start(tracker: null, downloadLimit: downloadLimit);
        var link = Magnetlink.Parse(magnet);
        var (clock, cpu) = (Stopwatch.StartNew(), CpuTime.OfThisProcess());
        var torrent = SampleTorrent.Of(root, link, await engine.FetchMetadata(link, CancellationToken.None));
        await engine.DownloadIndex(torrent, link.Peers, CancellationToken.None);
        var archives = SampleTorrent.Archives(dataBytes).ToList();
        var first = new FirstArchive(clock, archives);
        await engine.Download(torrent, link.Peers, DataChoice.NewestFirst(archives), first, CancellationToken.None);
        Say(
            new
            {
                seconds = clock.Elapsed.TotalSeconds,
                cpu = CpuTime.OfThisProcess() - cpu,
                first = first.Seconds ?? clock.Elapsed.TotalSeconds,
            }
        );
        return engine;
    }

    private static async Task<LibtorrentEngine> Start(string? tracker, int uploadLimit = 0, int downloadLimit = 0)
    {
        var options = new BitTorrentOptions
        {
            Discovery = tracker is null ? Discovery.Off : Discovery.Trackers,
            Trackers = tracker is null ? [] : [new Uri(tracker)],
            UploadBytesPerSecond = uploadLimit,
            DownloadBytesPerSecond = downloadLimit,
        };
        var engine = new LibtorrentEngine(Options.Create(options), TimeProvider.System, NullLogger<LibtorrentEngine>.Instance);
        await engine.StartAsync(CancellationToken.None);
        return engine;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static void Say(object answer) => Console.WriteLine(JsonSerializer.Serialize(answer));

    /// <summary>When the first archive of full length was whole.</summary>
    private sealed class FirstArchive(Stopwatch clock, IEnumerable<ArchiveEntry> archives) : IProgress<TorrentProgress>
    {
        private readonly IReadOnlyList<ArchiveEntry> full = [.. archives.Where(archive => archive.Size == SampleTorrent.ArchiveBytes)];

        public double? Seconds { get; private set; }

        public void Report(TorrentProgress value)
        {
            if (Seconds is null && full.Any(archive => value.DoneBytesOf(archive) == archive.Size))
                Seconds = clock.Elapsed.TotalSeconds;
        }
    }
}
