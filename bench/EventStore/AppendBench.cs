using Npgsql;

namespace EventArchive.Bench.EventStore;

/// <summary>
/// Appends per second: ours, ours without batches, and the limit, in turn in each round, so that a disk whose speed changes meets all. The first
/// round of a row is not counted: it compiles.
/// </summary>
/// <param name="wanted">Whether the row of that name, like 100x8, is measured.</param>
internal sealed class AppendBench(NpgsqlDataSource source, CpuTime cpu, int rounds, TimeSpan duration, Func<string, bool> wanted)
{
    private static readonly (int Events, int Writers, double Goal)[] Cells =
    [
        (1, 1, 0.5),
        (1, 8, 0.8),
        (1, 32, 1.0),
        (100, 1, 0.65),
        (100, 8, 0.65),
        (100, 32, 0.65),
    ];

    public async Task Run(Report report)
    {
        var table = report.Table(
            "Appends",
            "events/append",
            "writers",
            "ours, events/s",
            "raw, events/s",
            "ratio",
            "goal",
            "unbatched, events/s",
            "ours, CPU µs/event (client + server)",
            "raw, CPU µs/event"
        );
        foreach (var (events, writers, goal) in Cells.Where(cell => wanted($"{cell.Events}x{cell.Writers}")))
        {
            List<Measured> ours = [],
                unbatched = [],
                raw = [];
            for (var round = 0; round <= rounds; round++)
            {
                if (round == 1)
                {
                    ours.Clear();
                    raw.Clear();
                    unbatched.Clear();
                }
                ours.Add(await Measure(writers, events, new OurAppends(source, writers, events, batched: true).Write));
                await using (var limit = await RawAppends.Open(source, writers, events))
                    raw.Add(await Measure(writers, events, limit.Write));
                unbatched.Add(await Measure(writers, events, new OurAppends(source, writers, events, batched: false).Write));
                report.Progress($"{events} events, {writers} writers: round {round} of {rounds}");
            }
            var (our, limits) = (Report.Median(ours.Select(m => m.Rate)), Report.Median(raw.Select(m => m.Rate)));
            table.Row(
                $"{events}",
                $"{writers}",
                $"{our:N0}",
                $"{limits:N0}",
                $"{our / limits:F2}",
                $"{goal:F2}",
                $"{Report.Median(unbatched.Select(m => m.Rate)):N0}",
                $"{Report.Median(ours.Select(m => m.Client)):F1} + {Report.Median(ours.Select(m => m.Server)):F1}",
                $"{Report.Median(raw.Select(m => m.Client)):F1} + {Report.Median(raw.Select(m => m.Server)):F1}"
            );
        }
    }

    private async Task<Measured> Measure(int writers, int events, Func<int, Task> write)
    {
        await using (var empty = source.CreateCommand("truncate mt_streams, mt_events, ea_inbox"))
            await empty.ExecuteNonQueryAsync();
        long written = 0;
        var before = cpu.Read();
        var rate = await Cell.Rate(
            writers,
            duration,
            async writer =>
            {
                await write(writer);
                Interlocked.Add(ref written, events);
            }
        );
        var after = cpu.Read();
        return new Measured(rate * events, (after.Client - before.Client) * 1e6 / written, (after.Server - before.Server) * 1e6 / written);
    }

    private sealed record Measured(double Rate, double Client, double Server);
}
