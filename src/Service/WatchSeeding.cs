using System.Diagnostics.Metrics;
using EventArchive.Handlers;
using EventArchive.Postgres;
using Microsoft.Extensions.Options;

namespace EventArchive.Service;

/// <summary>
/// Looks every <see cref="NodeOptions.SeedSweep"/> whether the deployment's torrents are seeded at all: what waits for its first seeder, and is
/// therefore not announced, and what no live node serves. Retires the nodes that stay away for good. Meter: EventArchive.Seeding.
/// </summary>
public sealed partial class WatchSeeding
{
    public const string MeterName = "EventArchive.Seeding";

    /// <summary>Gauge of torrents of the deployment that wait for their first seeder.</summary>
    public const string Awaiting = "eventarchive.seeding.awaiting";

    /// <summary>Gauge of torrents of the deployment that no live node serves.</summary>
    public const string Unserved = "eventarchive.seeding.unserved";

    /// <summary>Gauge of live nodes with the role Seeder.</summary>
    public const string Seeders = "eventarchive.seeding.seeders";

    private readonly UnseededReader reader;
    private readonly NodeTorrents torrents;
    private readonly RetireNodes retire;
    private readonly NodeOptions node;
    private readonly TimeProvider time;
    private readonly ILogger<WatchSeeding> log;
    private volatile UnseededTorrents? last;
    private long? unservedSince;

    public WatchSeeding(
        UnseededReader reader,
        NodeTorrents torrents,
        RetireNodes retire,
        IOptions<NodeOptions> node,
        IMeterFactory meters,
        TimeProvider time,
        ILogger<WatchSeeding> log
    )
    {
        (this.reader, this.torrents, this.retire, this.node, this.time, this.log) = (reader, torrents, retire, node.Value, time, log);
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(Awaiting, () => Of(now => now.Awaiting), "{torrent}", "Torrents that wait for their first seeder.");
        meter.CreateObservableGauge(Unserved, () => Of(now => now.Unserved), "{torrent}", "Torrents that no live node serves.");
        meter.CreateObservableGauge(Seeders, () => Of(now => now.LiveSeeders.Count), "{node}", "Live nodes with the role Seeder.");
    }

    /// <summary>What lasts for longer than <see cref="NodeOptions.SeederLimit"/>, as the last look found it; a sentence each.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    public async Task Look(CancellationToken cancellation)
    {
        await FindProblems(cancellation);
        await Retire(cancellation);
    }

    private async Task FindProblems(CancellationToken cancellation)
    {
        var now = await reader.Read(cancellation);
        last = now;
        unservedSince = now.Unserved == 0 ? null : unservedSince ?? time.GetTimestamp();
        List<string> problems = [];
        if (now.Awaiting > 0 && now.LongestWait > node.SeederLimit)
            problems.Add(
                $"no_seeder: torrents that wait for their first seeder: {now.Awaiting}, that of {now.LongestAwaiting} for {Minutes(now.LongestWait)}, "
                    + $"so nothing announces them. {Advice(now)}"
            );
        if (unservedSince is { } since && time.GetElapsedTime(since) > node.SeederLimit)
            problems.Add(
                $"not_served: torrents that no live node serves: {now.Unserved}, that of {now.OneUnserved} among them. Start the nodes that have "
                    + $"their files, as eventarchive seeding names them. {Advice(now)}"
            );
        Problems = problems;
    }

    private static string Advice(UnseededTorrents now) =>
        now.LiveSeeders.Count == 0
            ? "No node with the role Seeder is there: start one, with Node:Roles naming Seeder."
            : $"Seeders are there ({string.Join(", ", now.LiveSeeders)}): eventarchive seeding says what fails.";

    private async Task Retire(CancellationToken cancellation)
    {
        if (node.RetireAfter == TimeSpan.Zero)
            return;
        foreach (var name in await torrents.ListSilent(node.RetireAfter, cancellation))
        {
            try
            {
                if (await retire.Retire(name, node.RetireAfter, cancellation))
                    LogRetired(name, node.RetireAfter);
            }
            catch (BrokerException fault)
            {
                LogNotRetired(fault, name);
            }
        }
    }

    private static string Minutes(TimeSpan time) => $"{time.TotalMinutes:0} min";

    private IEnumerable<Measurement<long>> Of(Func<UnseededTorrents, long> value) =>
        last is { } now ? [new Measurement<long>(value(now))] : [];

    [LoggerMessage(
        1242,
        LogLevel.Information,
        "Node {Name} told nothing for {RetireAfter} and is retired: its rows, its queue and its exchange are gone"
    )]
    private partial void LogRetired(string name, TimeSpan retireAfter);

    [LoggerMessage(1243, LogLevel.Warning, "Node {Name} could not be retired, trying again")]
    private partial void LogNotRetired(Exception fault, string name);
}
