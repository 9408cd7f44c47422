using EventArchive.Bench;
using EventArchive.Bench.EventStore;
using EventArchive.Postgres;
using EventArchive.Projections;
using EventArchive.Testing;

var quick = args.Contains("--quick");
var rounds = quick ? 1 : 5;
await using var server = await PrivatePostgres.Start(new PostgresSettings(AlwaysPrivate: true), CancellationToken.None);
var connectionString = await server.CreateDatabase(CancellationToken.None);
await using var source = PostgresDataSource.Create(connectionString);
await new Database(source).Apply(CancellationToken.None);

var report = new Report(
    "EventStore",
    $"Commit {await Report.Commit()}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} cores, one fresh PostgreSQL with fsync on beside the "
        + $"program on the same cores, medians of {rounds} after one that warms up. Raw is the same rows by plain statements: stream row and event rows in one prepared batch and one transaction "
        + "per append, over as many connections, without lock, version check, inbox, hashing or serialising. Unbatched is our append with one commit for each."
);
var cpu = new CpuTime(server.Folder!);
if (Wanted("appends") || args.Any(IsRow))
    await new AppendBench(source, cpu, rounds, TimeSpan.FromSeconds(quick ? 1 : 2), row => !args.Any(IsRow) || args.Contains(row)).Run(
        report
    );
var reads = new ReadBench(source, cpu, rounds, quick ? 50_000 : 400_000);
if (Wanted("reads") || AllProjections.List.Any(projection => WantsRebuild(projection.Name)))
    await reads.Fill(report);
if (Wanted("reads"))
    await reads.Run(report);
await reads.RunRebuilds(report, AllProjections.List.Where(projection => WantsRebuild(projection.Name)).ToArray());
if (Wanted("latency"))
    await new LatencyBench(connectionString, TimeSpan.FromSeconds(quick ? 5 : 20)).Run(report);
if (args.Length == 0)
    await report.Save();

bool WantsRebuild(string projection) => Wanted("rebuilds") || args.Contains(projection);

// Naming parts runs them alone: appends, reads, rebuilds, latency; or rows of the appends, like 100x8; or the rebuild of one projection.
bool Wanted(string part) => args.All(argument => argument == "--quick") || args.Contains(part);

static bool IsRow(string argument) => argument.Contains('x', StringComparison.Ordinal);
