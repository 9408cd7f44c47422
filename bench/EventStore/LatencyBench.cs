using System.Collections.Concurrent;
using System.Diagnostics;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Postgres;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace EventArchive.Bench.EventStore;

/// <summary>From the start of an append until a projection has it, and until it is handed to the bus, with every subscription running.</summary>
internal sealed class LatencyBench(string connectionString, TimeSpan duration)
{
    private const int AppendsPerSecond = 100;
    private const string Projection = "Communities";

    public async Task Run(Report report)
    {
        ConcurrentDictionary<long, long> handed = [];
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        builder.Services.AddPostgres(_ => connectionString, _ => Sample.Community(1));
        builder.Services.AddPostgresSubscriptions(_ =>
            (recorded, _) =>
            {
                handed[recorded.Seq] = Stopwatch.GetTimestamp();
                return Task.CompletedTask;
            }
        );
        using var host = builder.Build();
        await using (
            var empty = host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("truncate mt_streams, mt_events, ea_inbox")
        )
            await empty.ExecuteNonQueryAsync();
        await host.StartAsync();
        using var end = new CancellationTokenSource();
        List<(long Seq, long At)> moved = [];
        var watching = Task.Run(() => Watch(moved, end.Token), CancellationToken.None);

        var begun = await Append(host.Services.GetRequiredService<IEventStore>(), report);
        await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
        await end.CancelAsync();
        await watching;
        await host.StopAsync(CancellationToken.None);

        var table = report.Table("Latency", $"at {AppendsPerSecond} appends/s", "p50, ms", "p99, ms", "goal of p50, ms");
        Row("append", begun.Select(one => (double?)Milliseconds(one.Value.Begun, one.Value.Answered)), "");
        Row($"append to projection {Projection}", begun.Select(one => After(one.Value.Begun, one.Key)), "10");
        Row(
            "append to the bus",
            begun.Select(one => handed.TryGetValue(one.Key, out var at) ? Milliseconds(one.Value.Begun, at) : (double?)null),
            ""
        );

        void Row(string name, IEnumerable<double?> values, string goal)
        {
            var sorted = values.Select(value => value ?? double.PositiveInfinity).Order().ToArray();
            table.Row(name, $"{sorted[sorted.Length / 2]:F1}", $"{sorted[sorted.Length * 99 / 100]:F1}", goal);
        }

        double? After(long start, long seq)
        {
            foreach (var (checkpoint, at) in moved)
                if (checkpoint >= seq)
                    return Milliseconds(start, at);
            return null;
        }
    }

    private async Task<Dictionary<long, (long Begun, long Answered)>> Append(IEventStore store, Report report)
    {
        report.Progress("latency");
        ConcurrentDictionary<long, (long, long)> begun = [];
        List<Task> running = [];
        var start = Stopwatch.GetTimestamp();
        var count = (int)(duration.TotalSeconds * AppendsPerSecond);
        for (var n = 0; n < count; n++)
        {
            var wait = TimeSpan.FromSeconds((double)n / AppendsPerSecond) - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait);
            var community = Sample.Community(n % Sample.StreamsOfEach);
            var version = n / Sample.StreamsOfEach;
            var append = new Append($"community-{community}", version, [Sample.Event(community, version)], Guid.CreateVersion7(), "Bench");
            running.Add(One(append, n));
        }
        await Task.WhenAll(running);
        // The n-th append got the n-th number but for neighbours that overtook each other.
        var all = await store.ReadAll(0, int.MaxValue, CancellationToken.None);
        return all.ToDictionary(e => e.Seq, e => begun[MessageOf(e)]);

        long MessageOf(RecordedEvent e) => numbers[e.CausationId!.Value];

        async Task One(Append append, int n)
        {
            numbers[append.MessageId] = n;
            var at = Stopwatch.GetTimestamp();
            await store.Append(append, CancellationToken.None);
            begun[n] = (at, Stopwatch.GetTimestamp());
        }
    }

    private readonly ConcurrentDictionary<Guid, long> numbers = [];

    private async Task Watch(List<(long Seq, long At)> moved, CancellationToken end)
    {
        await using var source = PostgresDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(
            "select coalesce(max(last_seq_id), 0) from mt_event_progression where name = $1",
            connection
        )
        {
            Parameters = { new() { Value = Projection } },
        };
        while (!end.IsCancellationRequested)
        {
            var seq = (long)(await command.ExecuteScalarAsync(CancellationToken.None))!;
            if (moved.Count == 0 || seq > moved[^1].Seq)
                moved.Add((seq, Stopwatch.GetTimestamp()));
            await Task.Delay(1, CancellationToken.None);
        }
    }

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;
}
