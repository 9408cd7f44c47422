using System.Diagnostics;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Postgres;
using EventArchive.Projections;
using Npgsql;

namespace EventArchive.Bench.EventStore;

/// <summary>Every event read and deserialised, beside COPY of the same columns and rows.</summary>
internal sealed class ReadBench(NpgsqlDataSource source, CpuTime cpu, int rounds, int events)
{
    private const int Writers = 32;
    private const double MicrosecondsPerSecond = 1e6;

    public async Task Fill(Report report)
    {
        await using (var empty = source.CreateCommand("truncate mt_streams, mt_events, ea_inbox"))
            await empty.ExecuteNonQueryAsync();
        var ours = new OurAppends(source, Writers, 2, batched: true);
        report.Progress($"filling the store with {events:N0} events on {Writers * Sample.StreamsOfEach:N0} interleaved streams");
        await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        for (var n = 0; n < events / 2 / Writers; n++)
                            await ours.Write(writer);
                    })
                )
        );
        await using var analyze = source.CreateCommand("vacuum analyze mt_events, mt_streams");
        await analyze.ExecuteNonQueryAsync();
    }

    public async Task Run(Report report)
    {
        var store = new PostgresEventStore(source, TimeProvider.System);
        List<double> read = [],
            copied = [];
        for (var round = 0; round < rounds; round++)
        {
            copied.Add(await Copy());
            read.Add(await ReadAll(store));
            report.Progress($"read: round {round + 1} of {rounds}");
        }
        var (ours, limit) = (Report.Median(read), Report.Median(copied));
        report
            .Table("Reads", "events", "read and deserialised, events/s", "COPY … TO STDOUT, rows/s", "ratio", "goal")
            .Row($"{events:N0}", $"{ours:N0}", $"{limit:N0}", $"{ours / limit:F2}", "0.70");
    }

    /// <summary>Each projection folded anew from all events, beside the same COPY. The first round is not counted: it compiles.</summary>
    public async Task RunRebuilds(Report report, IReadOnlyList<Projection> projections)
    {
        if (projections.Count == 0)
            return;
        var table = report.Table(
            "Rebuilds",
            "projection",
            "events/s",
            "COPY … TO STDOUT, rows/s",
            "ratio",
            "goal, events/s",
            "CPU µs/event (client + server)"
        );
        var rebuild = new ProjectionRebuild(source);
        foreach (var projection in projections)
        {
            List<double> rates = [],
                copied = [],
                client = [],
                server = [];
            for (var round = 0; round <= rounds; round++)
            {
                if (round == 1)
                    foreach (var list in (List<double>[])[rates, copied, client, server])
                        list.Clear();
                copied.Add(await Copy());
                var before = cpu.Read();
                var clock = Stopwatch.StartNew();
                await rebuild.Run(projection, new Progress<RebuildProgress>(), CancellationToken.None);
                rates.Add(events / clock.Elapsed.TotalSeconds);
                var after = cpu.Read();
                client.Add((after.Client - before.Client) * MicrosecondsPerSecond / events);
                server.Add((after.Server - before.Server) * MicrosecondsPerSecond / events);
                report.Progress($"rebuild of {projection.Name}: round {round} of {rounds}");
            }
            var (ours, limit) = (Report.Median(rates), Report.Median(copied));
            table.Row(
                projection.Name,
                $"{ours:N0}",
                $"{limit:N0}",
                $"{ours / limit:F2}",
                "80,000",
                $"{Report.Median(client):F1} + {Report.Median(server):F1}"
            );
        }
    }

    private static async Task<double> ReadAll(PostgresEventStore store)
    {
        var clock = Stopwatch.StartNew();
        long count = 0;
        await foreach (var recorded in store.Read(new EventQuery(), CancellationToken.None))
            count += recorded.Event is not null ? 1 : 0;
        return count / clock.Elapsed.TotalSeconds;
    }

    private async Task<double> Copy()
    {
        await using var connection = await source.OpenConnectionAsync();
        var clock = Stopwatch.StartNew();
        var buffer = new byte[1 << 16];
        long received = 0;
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            "copy (select seq_id, id, stream_id, version, data, type, timestamp, correlation_id, causation_id, headers "
                + "from mt_events order by seq_id) to stdout (format binary)"
        );
        for (int got; (got = await copy.ReadAsync(buffer.AsMemory(), CancellationToken.None)) > 0; )
            received += got;
        return received > events
            ? events / clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException("COPY gave less than the rows.");
    }
}
