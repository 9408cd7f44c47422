using System.Diagnostics.Metrics;
using System.Net.Http.Json;
using System.Text.Json;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Postgres;
using EventArchive.Service;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Tests.Integration.Cli;
using EventArchive.Tests.MainLine;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Nodes;

/// <summary>A deployment on RabbitMQ in which there is no seeder yet, and whose seeders leave.</summary>
public sealed class LeavingNodesTests : IAsyncLifetime
{
    private const string Host = "leaving";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly TempFolder folder = new();
    private readonly List<LineNode> nodes = [];
    private PrivatePostgres postgres = null!;
    private PrivateRabbitMq broker = null!;
    private string database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        postgres = await PrivatePostgres.Start(new PostgresSettings(Durable: false), Cancellation);
        broker = await PrivateRabbitMq.Start([Host], Cancellation);
        database = await postgres.CreateDatabase(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
            node.KeepLog(nameof(LeavingNodesTests));
        }
        await broker.DisposeAsync();
        await postgres.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Health_names_what_nobody_seeds_and_nothing_is_left_of_a_seeder_that_is_retired()
    {
        var maker = Settings("maker", "Api, Archiver, Announcer");
        await SeededCommunities.Make(maker, 2, seeded: false, Cancellation);
        var serving = await Start(maker);
        await UntilFaults(serving, faults => faults.Contains("no_seeder: torrents that wait for their first seeder: 2, "));
        (await Faults(serving)).ShouldContain("No node with the role Seeder is there: start one");
        (await Say("nodes")).ShouldContain("No node with the role Seeder is there: what is cut now is announced by nobody.");
        await Deadline.Until(
            "the maker says that it serves",
            async () => (await Say("seeding")).Contains("seeding until a seeder has it"),
            Limit,
            Cancellation
        );
        (await Gauges()).ShouldBe(
            new Dictionary<string, long>
            {
                [WatchSeeding.Awaiting] = 2,
                [WatchSeeding.Unserved] = 0,
                [WatchSeeding.Seeders] = 0,
            },
            ignoreOrder: true
        );

        var (first, second) = (Settings("first", "Seeder"), Settings("second", "Seeder"));
        var (firstNode, secondNode) = (await Start(first), await Start(second));
        await UntilFaults(serving, faults => !faults.Contains("no_seeder") && !faults.Contains("not_served"));
        await Deadline.Until("both seed both", async () => await Seeding() is ["first", "first", "second", "second"], Limit, Cancellation);
        (await Say("nodes")).ShouldNotContain("No node with");

        var live = await Verb.RunWith(maker, null, "nodes", "retire", "second");
        (live.ExitCode, live.Error).ShouldSatisfyAllConditions(
            () => live.ExitCode.ShouldBe(1),
            () => live.Error.ShouldContain("stop it, wait for as long")
        );
        (await Verb.RunWith(maker, null, "nodes", "retire", "third")).Error.ShouldContain("There is no node 'third'");
        (await Left("second")).ShouldBe((true, true));

        (await secondNode.Stop(Cancellation)).ShouldBe(0);
        await Deadline.Until("it is shown as away", async () => StateOf("second", await Say("nodes")) == "away", Limit, Cancellation);
        (await Say("seeding")).ShouldContain("node away");
        (await Say("nodes", "retire", "second")).ShouldContain("second");

        (await Left("second")).ShouldBe((false, false));
        StateOf("second", await Say("nodes")).ShouldBeNull();
        (await Stopped()).ShouldBe([("second", StoppedBecause.NodeRetired, 1), ("second", StoppedBecause.NodeRetired, 1)]);
        await Deadline.Until("it is shown no more", async () => await Seeding() is ["first", "first"], Limit, Cancellation);
        (await Say("seeding")).ShouldNotContain("second");

        // The other goes without a word, and is retired by those that stay.
        firstNode.Kill();
        await UntilFaults(serving, faults => faults.Contains("not_served: torrents that no live node serves: 2, "));
        (await Say("seeding")).ShouldContain("Torrents that no live node serves: 2, ");
        await Deadline.Until("it is retired", async () => StateOf("first", await Say("nodes")) is null, Limit, Cancellation);
        (await Left("first")).ShouldBe((false, false));
        (await Stopped())[2..].ShouldBe([("first", StoppedBecause.NodeRetired, 0), ("first", StoppedBecause.NodeRetired, 0)]);
        // Nobody but the maker has the files: it takes them up again, and the deployment waits for a seeder as on its first day.
        await UntilFaults(
            serving,
            faults => faults.Contains("no_seeder: torrents that wait for their first seeder: 2, ") && !faults.Contains("not_served")
        );
        (await Left("maker")).ShouldBe((false, false), "it never was a seeder");
        StateOf("maker", await Say("nodes")).ShouldBe("live");

        // One that comes back is a seeder like any other.
        await Start(second);
        await Deadline.Until("it seeds both again", async () => await Seeding() is ["second", "second"], Limit, Cancellation);
        await UntilFaults(serving, faults => !faults.Contains("no_seeder"));
        (await Left("second")).ShouldBe((true, true));

        // And one that is given another role leaves its torrents to the seeder that is there, and says so.
        await Start(first);
        await Deadline.Until("both seed again", async () => await Seeding() is ["first", "first", "second", "second"], Limit, Cancellation);
        (await nodes[^2].Process.Stop(Cancellation)).ShouldBe(0);
        await Start(Settings("second", "Archiver"));
        await Deadline.Until("it says so", async () => (await Stopped()).Count > 5, Limit, Cancellation);
        (await Stopped())[4..].ShouldBe([("second", StoppedBecause.TakenOver, 1), ("second", StoppedBecause.TakenOver, 1)]);
        await Deadline.Until("the first alone seeds", async () => await Seeding() is ["first", "first"], Limit, Cancellation);

        async Task<string> Say(params string[] arguments)
        {
            var verb = await Verb.RunWith(maker, null, arguments);
            verb.ShouldSucceed();
            return verb.Output;
        }

        async Task<List<(string Node, StoppedBecause Reason, int Left)>> Stopped()
        {
            using var response = await serving.Get("events?type=seeding_stopped", Cancellation);
            return
            [
                .. (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation))
                    .EnumerateArray()
                    .Select(one => one.GetProperty("data").Deserialize<SeedingStopped>(JsonSerializerOptions.Web)!)
                    .Select(e => (e.Node, e.Reason, e.SeedersLeft)),
            ];
        }

        async Task<List<string>> Seeding()
        {
            using var response = await serving.Get("seeding", Cancellation);
            var rows = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("rows");
            return
            [
                .. NodesStory.Serving(rows.EnumerateArray().Where(row => row.GetProperty("since").ValueKind != JsonValueKind.Null)).Order(),
            ];
        }
    }

    [Fact]
    public async Task A_node_stays_known_while_the_broker_is_away_because_by_its_row_it_is_tried_again()
    {
        var settings = Settings("maker", "Api");
        (await Verb.RunWith(settings, null, "db", "apply")).ShouldSucceed();
        await using var source = PostgresDataSource.Create(database);
        await new NodeTorrents(source).Begin("lost", NodeRoles.Seeder, peer: null, Cancellation);
        await using (var past = source.CreateCommand("update ea_nodes set seen_at = seen_at - interval '1 hour'"))
            await past.ExecuteNonQueryAsync(Cancellation);
        var away = settings with { RabbitMq = new Uri($"amqp://me:opensesame@127.0.0.1:{FreePort.Next()}") };

        var failed = await Verb.RunWith(away, null, "nodes", "retire", "lost");

        failed.ExitCode.ShouldBe(1);
        failed.Error.ShouldContain("The broker did not remove eventarchive-seeder-lost");
        failed.Error.ShouldNotContain("opensesame");
        StateOf("lost", (await Verb.RunWith(settings, null, "nodes")).Output).ShouldBe("away");
        (await Verb.RunWith(settings, null, "nodes", "retire", "lost")).ShouldSucceed();
        StateOf("lost", (await Verb.RunWith(settings, null, "nodes")).Output).ShouldBeNull();
    }

    private ServiceNodeSettings Settings(string name, string roles) =>
        new(
            name,
            folder.Sub(name),
            database,
            // Nobody listens there: nothing is to be announced or heard.
            new Uri($"http://127.0.0.1:{FreePort.Next()}"),
            broker.Uri(Host),
            More: new Dictionary<string, string>(Line.ImpatientSettings)
            {
                ["Node__Roles"] = roles,
                ["Node__SeedSweep"] = "00:00:00.5",
                ["Node__TellInterval"] = "00:00:00.3",
                ["Node__AwayAfter"] = "00:00:08",
                ["Node__RetireAfter"] = "00:00:35",
                ["Node__SeederLimit"] = "00:00:00.5",
            }
        );

    private async Task<ServiceNode> Start(ServiceNodeSettings settings)
    {
        var node = new LineNode(settings);
        nodes.Add(node);
        await node.Start(crashAt: null, Cancellation);
        return node.Process;
    }

    /// <summary>What a node of the deployment measures.</summary>
    private async Task<Dictionary<string, long>> Gauges()
    {
        Dictionary<string, long> measured = [];
        var options = new ServiceOptions { Postgres = new() { ConnectionString = database } };
        var collection = new ServiceCollection().AddMetrics().AddLogging().AddSingleton<WatchSeeding>();
        Serve.AddStores(collection, options);
        Stores.AddNodes(collection, options);
        await using var services = collection.BuildServiceProvider();
        var watch = services.GetRequiredService<WatchSeeding>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == WatchSeeding.MeterName)
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => measured[instrument.Name] = value);
        listener.Start();
        await watch.Look(Cancellation);
        await Deadline.Until("the first look", Measured, Limit, Cancellation);
        return measured;

        bool Measured()
        {
            listener.RecordObservableInstruments();
            return measured.Count == 3;
        }
    }

    /// <summary>The second column of a node's row; null: it has none.</summary>
    private static string? StateOf(string node, string table) =>
        table
            .Split('\n')
            .Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(row => row is [var name, ..] && name == node)
            ?[1];

    private static Task UntilFaults(ServiceNode node, Func<string, bool> condition) =>
        Deadline.Until("health says so", async () => condition(await Faults(node)), Limit, Cancellation);

    private static async Task<string> Faults(ServiceNode node)
    {
        using var ready = await node.Get("health/ready", Cancellation);
        return string.Join('\n', (await ready.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("faults").EnumerateArray());
    }

    /// <summary>What the broker has of a seeder.</summary>
    private async Task<(bool Queue, bool Exchange)> Left(string node)
    {
        var name = BusEndpoints.SeederQueuePrefix + node;
        return (
            await Exists(channel => channel.QueueDeclarePassiveAsync(name, Cancellation)),
            await Exists(channel => channel.ExchangeDeclarePassiveAsync(name, Cancellation))
        );
    }

    private async Task<bool> Exists(Func<IChannel, Task> ask)
    {
        await using var connection = await new ConnectionFactory { Uri = broker.Uri(Host) }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancellation);
        try
        {
            await ask(channel);
            return true;
        }
        catch (OperationInterruptedException missing) when (missing.ShutdownReason?.ReplyCode == 404)
        {
            return false;
        }
    }
}
