using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EventArchive.Bench;
using EventArchive.Testing;
using EventArchive.Tests.MainLine;
using Npgsql;

namespace EventArchive.Bench.BitTorrent;

/// <summary>The whole service as a seeder of many communities: it starts again, and then idles, with a broker and a database of its own.</summary>
internal sealed partial class ServiceStartBench(string folder, int count)
{
    /// <summary>Two rounds of what comes most seldom: the look through the projection.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    /// <summary>Behind the start: what it set off has been told to the database.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly CancellationToken None = CancellationToken.None;

    public async Task Run(Report report)
    {
        await using var postgres = await PrivatePostgres.Start(new PostgresSettings(AlwaysPrivate: true), None);
        await using var broker = await PrivateRabbitMq.Start(["seeder"], None);
        var settings = new ServiceNodeSettings(
            "seeder",
            Directory.CreateDirectory(Path.Combine(folder, "service")).FullName,
            await postgres.CreateDatabase(None),
            new Uri($"http://127.0.0.1:{FreePort.Next()}"),
            broker.Uri("seeder"),
            More: new Dictionary<string, string> { ["Node__Roles"] = "Seeder" }
        );
        report.Progress($"Making {count:N0} communities");
        await SeededCommunities.Make(settings, count, seeded: true, None);
        var (first, _) = await Start(settings, then: AllTold);
        report.Progress($"First start: {first:N1} s");
        var (again, idle) = await Start(settings, process => Rest(process, postgres));
        report
            .Table(
                "Start of the service as a seeder (PostgreSQL with fsync, RabbitMQ), communities that were seeded before",
                "communities",
                "first start, s",
                "start again, s",
                "goal, s",
                "memory, MB",
                "goal, MB",
                "idle, % of a core",
                "goal, %",
                "PostgreSQL for it, %"
            )
            .Row(
                $"{count:N0}",
                $"{first:N1}",
                $"{again:N1}",
                "20",
                $"{idle.Megabytes:N0}",
                "1,000",
                $"{idle.Share:N1}",
                "5",
                $"{idle.PostgresShare:N1}"
            );

        Task<IdleCost> AllTold(ServiceNode process) => UntilTold(settings.Database);
    }

    /// <summary>From the start of the process until every torrent is served.</summary>
    private async Task<(double Seconds, IdleCost Idle)> Start(ServiceNodeSettings settings, Func<ServiceNode, Task<IdleCost>> then)
    {
        File.Delete(settings.LogFile);
        var clock = Stopwatch.StartNew();
        await using var process = await ServiceNode.Start(settings, None);
        Match served = Match.Empty;
        await Deadline.Until("the torrents are seeded", () => (served = Served().Match(Log())).Success, Limit, None);
        var seconds = clock.Elapsed.TotalSeconds;
        if (served.Groups["count"].Value != count.ToString(CultureInfo.InvariantCulture))
            throw new InvalidOperationException(served.Value);
        var idle = await then(process);
        await process.Stop(None);
        return (seconds, idle);

        string Log()
        {
            using var log = new StreamReader(new FileStream(settings.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return log.ReadToEnd();
        }
    }

    private static async Task<IdleCost> Rest(ServiceNode process, PrivatePostgres postgres)
    {
        await Task.Delay(Settle, None);
        var (cpu, database) = (CpuTime.Of(process.ProcessId), PostgresCpu(postgres));
        await Task.Delay(Idle, None);
        return new IdleCost(
            CpuTime.ResidentMegabytes(process.ProcessId),
            100 * (CpuTime.Of(process.ProcessId) - cpu) / Idle.TotalSeconds,
            100 * (PostgresCpu(postgres) - database) / Idle.TotalSeconds
        );
    }

    /// <summary>Everything that was stored has reached every projection, and the node has told of all its torrents.</summary>
    private async Task<IdleCost> UntilTold(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await Deadline.Until("the projections and the node's own rows are whole", Whole, Limit, None);
        return default;

        async Task<bool> Whole()
        {
            await using var command = source.CreateCommand(
                """
                select (select count(*) filter (where seeding) from ea_node_torrents) = $1
                    and (select min(last_seq_id) >= (select max(seq_id) from mt_events) from mt_event_progression)
                """
            );
            command.Parameters.Add(new() { Value = (long)count });
            return await command.ExecuteScalarAsync(None) is true;
        }
    }

    /// <summary>CPU seconds of the server's processes that live now.</summary>
    private static double PostgresCpu(PrivatePostgres postgres)
    {
        var pidFile = Directory.EnumerateFiles(postgres.Folder!, "postmaster.pid", SearchOption.AllDirectories).First();
        var postmaster = int.Parse(File.ReadLines(pidFile).First(), CultureInfo.InvariantCulture);
        return Children(postmaster).Append(postmaster).Sum(CpuTime.Of);
    }

    private static IEnumerable<int> Children(int parent) =>
        File.ReadAllText($"/proc/{parent}/task/{parent}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"(?<count>\d+) torrents are seeded again after", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Served();

    private readonly record struct IdleCost(double Megabytes, double Share, double PostgresShare);
}
