using System.Diagnostics;
using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace EventArchive.Bench.Archives;

/// <summary>From PostgreSQL to archives on disk, through the store and the tree of the service; then over what was made: hashing and extraction.</summary>
internal sealed class CutBench(NpgsqlDataSource source, BenchFolder folder, int mostRounds, IEnumerable<Sample> samples)
{
    /// <summary>Of the largest messages there are fewer rounds: they take most of the time, and differ least.</summary>
    public const int RoundsOfLargest = 3;
    public const long Largest = 4_000_000_000;

    private const int BatchMessages = 5000;
    private const double Megabyte = 1_000_000;

    private int rounds;

    public async Task Run(Report report)
    {
        var cuts = report.Table(
            "Cuts",
            "messages, MB",
            "payload, bytes",
            "ours, MB/s",
            "COPY, MB/s",
            "ratio",
            "goal",
            "disk, MB/s",
            "ratio to the lower of the two",
            "SHA-1, MB/s",
            "most memory, MB",
            "recorded, MB/s"
        );
        var hashing = report.Table(
            "Hashing",
            "data, MB",
            "ours on one core, MB/s",
            "SHA1 of .NET, MB/s",
            "ratio",
            "goal",
            "ours on all cores, MB/s",
            "ratio of all",
            "goal of two cores",
            "archive verify, MB/s",
            "mktorrent, MB/s",
            "transmission-create, MB/s"
        );
        var extraction = report.Table("Extraction", "data, MB", "payload, bytes", "MB/s");
        foreach (var sample in samples)
        {
            rounds = sample.Bytes < Largest ? mostRounds : Math.Min(mostRounds, RoundsOfLargest);
            var root = await Cut(report, cuts, sample);
            // What is hashed is the same whatever the messages.
            if (sample.PayloadBytes > 1000)
                await Hash(report, hashing, root);
            await Extract(report, extraction, root, sample.PayloadBytes);
            Directory.Delete(root, recursive: true);
        }
    }

    private async Task<string> Cut(Report report, BenchTable table, Sample sample)
    {
        await using (var empty = source.CreateCommand("truncate ea_messages, ea_message_hashes, ea_message_topics, ea_message_communities"))
            await empty.ExecuteNonQueryAsync();
        var store = new PostgresMessageStore(source, TimeProvider.System);
        var clock = Stopwatch.StartNew();
        foreach (var batch in sample.Messages().Chunk(BatchMessages))
            await store.Record(Sample.Community, batch, CancellationToken.None);
        var recorded = clock.Elapsed.TotalSeconds;
        // What the server would still do by itself it does now, and not while something is measured.
        foreach (var work in new[] { "vacuum analyze", "checkpoint" })
        {
            await using var settle = source.CreateCommand(work);
            settle.CommandTimeout = 0;
            await settle.ExecuteNonQueryAsync();
        }
        // The limit is the faster way, whichever the planner would take.
        var (alone, together) = (await CopyOnce(sample, workers: 0), await CopyOnce(sample, workers: 2));
        var workers = alone < together ? 0 : 2;
        report.Progress($"COPY {alone:F2} s, with workers {together:F2} s");
        List<double> cut = [],
            copied = [],
            written = [];
        long peak = 0,
            dataBytes = 0;
        var root = "";
        // The first one warms up: a service has made cuts before.
        for (var round = 0; round <= rounds; round++)
        {
            // In turns, so that a machine whose speed changes changes it for both.
            var copySeconds = round % 2 == 0 ? await CopyOnce(sample, workers) : 0;
            if (root.Length > 0)
                Directory.Delete(root, recursive: true);
            root = folder.Next();
            PeakMemory.Reset();
            clock.Restart();
            dataBytes = await CutOnce(store, sample, root);
            var cutSeconds = clock.Elapsed.TotalSeconds;
            peak = Math.Max(peak, PeakMemory.Read());
            if (round % 2 != 0)
                copySeconds = await CopyOnce(sample, workers);
            var diskSeconds = DiskWrites.Run(folder.Next(), dataBytes);
            report.Progress(
                $"cut of {sample.Count:N0} messages: round {round} of {rounds}, {cutSeconds:F2} s, COPY {copySeconds:F2} s, disk {diskSeconds:F2} s"
            );
            if (round == 0)
                continue;
            copied.Add(copySeconds);
            cut.Add(cutSeconds);
            written.Add(diskSeconds);
        }
        var (ours, limit, disk) = (Rate(cut), Rate(copied), Rate(written));
        table.Row(
            $"{dataBytes / Megabyte:N0}",
            $"{sample.PayloadBytes}",
            $"{ours:N0}",
            $"{limit:N0}",
            $"{ours / limit:F2}",
            sample.PayloadBytes < 1000 ? "0.60" : "0.60 and 169 MB/s",
            $"{disk:N0}",
            $"{ours / Math.Min(limit, disk):F2}",
            $"{HashRates.Sha1():N0}",
            $"{peak / Megabyte:N0}",
            $"{dataBytes / Megabyte / recorded:N0}"
        );
        return root;

        double Rate(List<double> seconds) => dataBytes / Megabyte / Report.Median(seconds);
    }

    private async Task<double> CopyOnce(Sample sample, int workers)
    {
        var clock = Stopwatch.StartNew();
        return await CopyRows.Run(source, workers) >= sample.Count * sample.PayloadBytes
            ? clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException("COPY gave less than the rows.");
    }

    private static async Task<long> CutOnce(PostgresMessageStore store, Sample sample, string root)
    {
        var tree = new ArchiveTree(new ArchiveTreeOptions { Root = root }, NullLogger<ArchiveTree>.Instance);
        var plan = new CutPlan(Sample.Community, Sample.Start, sample.End, Sample.Week, [Sample.Topic], Parent: null, CommittedBytes: 0);
        var outcome = await tree.Cut(
            plan,
            (window, token) => store.Read(Sample.Community, [Sample.Topic], window.From, window.To, long.MaxValue, token),
            CancellationToken.None
        );
        return outcome.Made!.Messages == sample.Count
            ? outcome.Made.DataBytes
            : throw new InvalidOperationException($"{outcome.Made.Messages} of {sample.Count} messages were cut.");
    }

    private async Task Hash(Report report, BenchTable table, string root)
    {
        var data = new FileInfo(Path.Combine(root, $"{Sample.Community}", "data"));
        List<double> ours = [],
            onAll = [],
            verified = [],
            limit = [];
        for (var round = 0; round < rounds; round++)
        {
            limit.Add(HashRates.Sha1());
            ours.Add(HashRates.Ours());
            onAll.Add(HashRates.OursOnAllCores());
            var clock = Stopwatch.StartNew();
            var result = await new ArchiveVerifier(root).Verify(null, null, CancellationToken.None);
            if (result.Faults.Count > 0)
                throw new InvalidOperationException(result.Faults[0].Reason);
            verified.Add(result.Bytes / Megabyte / clock.Elapsed.TotalSeconds);
            report.Progress(
                $"hashing: round {round + 1} of {rounds}, {ours[^1]:N0} MB/s, on all cores {onAll[^1]:N0}, SHA-1 {limit[^1]:N0}, verify {verified[^1]:N0}"
            );
        }
        var (own, all, sha1) = (Report.Median(ours), Report.Median(onAll), Report.Median(limit));
        var content = data.DirectoryName!;
        // Neither program makes pieces of 102,400 bytes: the nearest power of two.
        var made = Path.Combine(root, "foreign.torrent");
        var mktorrent = TimedProgram.Rate(
            rounds,
            data.Length,
            made,
            "mktorrent",
            ["-l", "17", "-t", $"{Environment.ProcessorCount}", "-o", made, content]
        );
        var transmission = TimedProgram.Rate(rounds, data.Length, made, "transmission-create", ["-s", "128", "-o", made, content]);
        table.Row(
            $"{data.Length / Megabyte:N0}",
            $"{own:N0}",
            $"{sha1:N0}",
            $"{own / sha1:F2}",
            "0.95",
            $"{all:N0}",
            $"{all / sha1:F2}",
            "1.8",
            $"{Report.Median(verified):N0}",
            mktorrent,
            transmission
        );
    }

    private async Task Extract(Report report, BenchTable table, string root, int payloadBytes)
    {
        List<double> rates = [];
        long bytes = 0;
        for (var round = 0; round < rounds; round++)
        {
            var clock = Stopwatch.StartNew();
            bytes = 0;
            await foreach (var extracted in ArchiveFolder.Open(root).Extract(CancellationToken.None))
                bytes += extracted.Message.Payload.Length;
            rates.Add(bytes / Megabyte / clock.Elapsed.TotalSeconds);
            report.Progress($"extraction: round {round + 1} of {rounds}");
        }
        table.Row($"{bytes / Megabyte:N0}", $"{payloadBytes}", $"{Report.Median(rates):N0}");
    }
}
