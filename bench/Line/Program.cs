using EventArchive.Bench;
using EventArchive.Bench.Line;
using EventArchive.Postgres;
using EventArchive.Service;
using EventArchive.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

const int shortStream = 10;
const int longStream = 20_000;
const int windows = 200;
var quick = args.Contains("--quick");
var (many, few) = quick ? (20, 2) : (60, 10);
var duration = TimeSpan.FromSeconds(quick ? 5 : 20);
var none = CancellationToken.None;

var report = new Report(
    "Line",
    $"Commit {await Report.Commit()}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} cores, which the service, PostgreSQL with fsync on, "
        + "RabbitMQ, the Waku development node and this program share. A line: from `CreateArchive` sent over RabbitMQ until `MagnetlinkPublished` is consumed, one archive of "
        + "three messages. Rates are steady, with every community idle before it gets its next line; late: no community was idle. Goals: the median at most three times the "
        + "sum of what cannot be avoided and under 100 ms at 20/s, the 99th percentile under 400 ms, 50 lines/s."
);
var folder = Directory.CreateTempSubdirectory("eventarchive-bench-line-");
try
{
    await using var postgres = await PrivatePostgres.Start(new PostgresSettings(AlwaysPrivate: true), none);
    await using var broker = await PrivateRabbitMq.Start(["line"], new RabbitMqSettings(AlwaysPrivate: true), none);
    await using var far = await WakuDevNode.Start(none);
    await using var waku = await WakuDevNode.Start(far.Multiaddr, logFile: null, none);
    var settings = new ServiceNodeSettings(
        "bench",
        folder.FullName,
        await postgres.CreateDatabase(none),
        waku.Rest,
        broker.Uri("line"),
        More: new Dictionary<string, string> { ["Schedule__AnnounceEvery"] = "00:00:00" }
    );
    await ServiceNode.Run(settings, ["db", "apply"], input: null, none);
    await using var stores = Stores(settings);
    await using (var command = PostgresDataSource.Create(settings.Database).CreateCommand("create table bench_floor (text text)"))
        await command.ExecuteNonQueryAsync(none);
    var floor = await new Floor(
        PostgresDataSource.Create(settings.Database),
        broker.Uri("line"),
        waku.Rest,
        folder.FullName,
        quick ? 50 : 300
    ).Measure(report.Table("What a line cannot avoid, milliseconds", "part", "count", "each", "in all"));
    var makers = new Communities(stores);
    List<Communities.Community> brief = [],
        lengthy = [];
    for (var n = 0; n < many; n++)
        brief.Add(await makers.Make($"short {n}", windows, shortStream));
    for (var n = 0; n < few; n++)
        lengthy.Add(await makers.Make($"long {n}", windows, longStream));
    report.Progress("made the communities");
    await using var node = await ServiceNode.Start(settings, none);
    await using var bus = new LineBus(broker.Uri("line"));
    await bus.Start();
    await UntilCaughtUp(settings.Database);
    var table = report.Table("Lines", "events in the stream", "rate", "lines", "lines/s", "p50, ms", "p99, ms", "late");
    var shortLines = new LineBench(bus, brief, table, $"{shortStream}");
    await shortLines.Steady(5, TimeSpan.FromSeconds(5));
    var alone = await shortLines.Steady(1, duration);
    var busy = await shortLines.Steady(20, duration);
    await shortLines.Steady(50, duration);
    await shortLines.Burst();
    var longLines = new LineBench(bus, lengthy, table, $"{longStream}");
    await longLines.Steady(1, duration);
    await longLines.Steady(20, duration);
    report
        .Table("Median to the sum of what cannot be avoided", "rate", "ratio", "goal")
        .Row("1/s", $"{alone / floor:F1}", "3")
        .Row("20/s", $"{busy / floor:F1}", "3");
    await node.Stop(none);
    if (!quick)
        await report.Save();
}
finally
{
    folder.Delete(recursive: true);
}

ServiceProvider Stores(ServiceNodeSettings node)
{
    var configuration = new ConfigurationBuilder()
        .AddInMemoryCollection(
            ServiceNode
                .Environment(node)
                .Select(pair => KeyValuePair.Create(pair.Name["EVENTARCHIVE_".Length..].Replace("__", ":"), (string?)pair.Value))
        )
        .Build();
    var services = new ServiceCollection();
    services.AddLogging();
    var options = ServiceOptions.ReadStores(configuration, withKeyRing: true);
    services.AddSingleton(Microsoft.Extensions.Options.Options.Create(options.Node));
    Serve.AddStores(services, options);
    return services.BuildServiceProvider();
}

// What was made before the node began is published and folded first: a line behind it would measure that.
async Task UntilCaughtUp(string database)
{
    await using var source = PostgresDataSource.Create(database);
    await using var behind = source.CreateCommand(
        "select count(*) < 8 or min(last_seq_id) < (select max(seq_id) from mt_events) from mt_event_progression where name like '%:All'"
    );
    await Deadline.Until(
        "the projections have caught up",
        async () => await behind.ExecuteScalarAsync(none) is false,
        TimeSpan.FromMinutes(10),
        none
    );
}
