using EventArchive.Bench;
using EventArchive.Bench.Archives;
using EventArchive.Postgres;
using EventArchive.Testing;

var quick = args.Contains("--quick");
var rounds = quick ? 3 : 5;
long[] cutSizes = quick ? [20_000_000, 100_000_000] : [100_000_000, 1_000_000_000, 4_000_000_000];
long[] baseSizes = quick ? [100_000_000, 1_000_000_000] : [100_000_000, 1_000_000_000, 4_000_000_000, 10_000_000_000];
List<Sample> samples =
[
    .. from payloadBytes in new[] { 300, 3000 }
    from size in cutSizes
    where !args.Any(IsRow) || args.Contains($"{size / 1_000_000}x{payloadBytes}")
    select new Sample(size, payloadBytes),
];
using var folder = new BenchFolder();

var report = new Report(
    "Archives",
    $"Commit {await Report.Commit()}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} cores, one fresh PostgreSQL with fsync on beside the "
        + $"program on the same cores, medians of {rounds}, with 4,000 MB of messages of {CutBench.RoundsOfLargest}, after one that warms up. MB are 10^6 bytes of the archives' data, for us and for COPY, so that the ratio is one of times: COPY "
        + "(SELECT the same rows, in the order of the table) TO STDOUT (FORMAT binary), read and thrown away, with parallel workers or without, whichever was faster, and in turns with the cuts. Disk is as "
        + "many bytes from memory, written and synced as a cut does it. Cutting ends when data, index and torrents are "
        + "synced. The memory is the most that the whole process had resident during the cut, runtime and database client included."
);
if (Wanted("cuts") || args.Any(IsRow))
{
    await using var server = await PrivatePostgres.Start(new PostgresSettings(AlwaysPrivate: true), CancellationToken.None);
    await using var source = PostgresDataSource.Create(await server.CreateDatabase(CancellationToken.None));
    await Database.Of(source).Apply(agreed: false, CancellationToken.None);
    await new CutBench(source, folder, rounds, samples).Run(report);
}
if (Wanted("appends"))
    await new AppendBench(folder, rounds + 2, baseSizes).Run(report);
if (args.Length == 0)
    await report.Save();

// Naming parts runs them alone: cuts (with hashing and extraction), rows of it as 4000x3000, appends.
bool Wanted(string part) => args.All(argument => argument == "--quick") || args.Contains(part);

static bool IsRow(string argument) => argument.Contains('x', StringComparison.Ordinal);
