using System.Net.Http.Json;
using System.Text.Json;
using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Tests.MainLine;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace EventArchive.Tests.Integration.Nodes;

/// <summary>
/// One deployment of four nodes on one database and one broker: <c>maker</c> cuts and announces and is no seeder, <c>idle</c> may cut too and
/// holds nothing, <c>first</c> and <c>second</c> seed. The story is told once; the tests look at what was seen at each of its stages.
/// </summary>
public sealed class NodesStory : IAsyncLifetime
{
    private const string Host = "nodes";
    private const int MessagesPerWeek = 20;
    private const string SecondQueue = BusEndpoints.SeederQueuePrefix + "second";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly Stack<IAsyncDisposable> parts = new();
    private readonly TempFolder folder = new();
    private readonly SampleCommunity community = new("many nodes", MessagesPerWeek);
    private PrivateRabbitMq broker = null!;
    private string database = null!;
    private Uri waku = null!;

    /// <summary>The events when the maker alone had the first torrent, for as long as it took a stranger to fetch it.</summary>
    public IReadOnlyList<EventRow> Alone { get; private set; } = [];

    /// <summary>The info dictionary that the stranger got from the maker.</summary>
    public byte[] FromMaker { get; private set; } = [];

    /// <summary>Events when both seeders had the first torrent; and rows of <c>/seeding</c> once the maker had let go.</summary>
    public IReadOnlyList<EventRow> Both { get; private set; } = [];
    public IReadOnlyList<JsonElement> BothSeeding { get; private set; } = [];
    public IReadOnlyList<JsonElement> Nodes { get; private set; } = [];

    /// <summary>What a node without the role Api answers over HTTP.</summary>
    public IList<(string Path, int Status)> SeederAnswers { get; } = [];

    /// <summary>The queue of the second seeder while it ran, and after its node had been away for longer than the queue's expiry.</summary>
    public bool QueueWasThere { get; private set; }
    public bool QueueIsBounded { get; private set; }
    public bool QueueIsGone { get; private set; }

    /// <summary>All events, after two cuts that the second seeder missed and its return.</summary>
    public IReadOnlyList<EventRow> End { get; private set; } = [];
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, byte[]>> Files { get; private set; } =
        new Dictionary<string, IReadOnlyDictionary<string, byte[]>>();
    public IReadOnlyList<JsonElement> EndSeeding { get; private set; } = [];

    /// <summary>What a tracker with a whitelist is told at the end.</summary>
    public string InfoHashes { get; private set; } = "";
    public string CommunityId => community.Id;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var postgres = await Keep(PrivatePostgres.Start(new PostgresSettings(Durable: false), Cancellation));
        var node = await Keep(WakuDevNode.Start(Cancellation));
        broker = await Keep(PrivateRabbitMq.Start([Host], Cancellation));
        (database, waku) = (await postgres.CreateDatabase(Cancellation), node.Rest);
        var maker = Node("maker", "Api, Archiver, Announcer");
        var (idle, first, second) = (Node("idle", "Archiver"), Node("first", "Seeder"), Node("second", "Seeder"));

        await Verb(maker.Settings, ["db", "apply"], input: null);
        await Verb(maker.Settings, ["keys", "import"], community.PrivateKey);
        await Record(maker, 0, 3);
        await maker.Start(crashAt: null, Cancellation);
        await maker.Command(
            "EnableHistoryArchives",
            new
            {
                communityId = community.Id,
                controlNode = true,
                chatIds = community.ChatIds,
            },
            Guid.CreateVersion7(),
            Cancellation
        );
        await Cut(maker, weeks: 1, torrents: 1);
        FromMaker = await FetchFrom(maker);
        Alone = await maker.Records.Events(Cancellation);

        await Task.WhenAll(first.Start(null, Cancellation), second.Start(null, Cancellation), idle.Start(null, Cancellation));
        await Until(maker, "both seeders have the first torrent", events => Seeders(events, torrent: 0).Count == 2);
        await Line.Until(maker, "magnetlink_published", 1, Cancellation);
        BothSeeding = await Seeding(maker, rows => Serving(rows).SequenceEqual(["first", "second"]));
        Both = await maker.Records.Events(Cancellation);
        Nodes = [.. (await Get(maker, "nodes")).GetProperty("nodes").EnumerateArray()];

        foreach (var path in new[] { "health/live", "events", "commands/CreateArchive", "seeding" })
            using (var answer = await first.Process.Get(path, Cancellation))
                SeederAnswers.Add((path, (int)answer.StatusCode));

        QueueWasThere = await HasQueue();
        QueueIsBounded = await IsBounded();
        await second.Process.Stop(Cancellation);
        await Deadline.Until("the queue is gone", async () => !await TakesMessages(), Limit, Cancellation);
        QueueIsGone = !await HasQueue();

        await Cut(maker, weeks: 2, torrents: 2);
        // A torrent that the next one overtakes before a seeder has it is announced by nobody.
        await Line.Until(maker, "magnetlink_published", 2, Cancellation);
        await Cut(maker, weeks: 3, torrents: 3);
        await Until(maker, "the first seeder has the third torrent", events => Seeders(events, torrent: 2).Contains("first"));
        await second.Start(null, Cancellation);
        await Until(maker, "the second seeder has caught up", events => Seeders(events, torrent: 2).Contains("second"));
        await Line.Until(maker, "magnetlink_published", 3, Cancellation);
        End = await maker.Records.Events(Cancellation);
        EndSeeding = await Seeding(maker, rows => Serving(rows).SequenceEqual(["first", "second"]) && rows.Any(row => Uploaded(row) > 0));
        using (var answer = await maker.Process.Get("seeding/info-hashes", Cancellation))
            InfoHashes = await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancellation);
        Files = new[] { maker, idle, first, second }.ToDictionary(one => one.Settings.Name, one => one.Records.Files());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in parts.OfType<LineNode>())
            node.KeepLog(nameof(NodesStory));
        while (parts.TryPop(out var part))
            await part.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>The nodes that began to seed the torrent of this number, from 0.</summary>
    public static IReadOnlyList<string> Seeders(IReadOnlyList<EventRow> events, int torrent)
    {
        var created = events.Where(e => e.Type == "archive_created").Select(e => e.Data.GetProperty("InfoHash").GetString()).ToList();
        return
        [
            .. events
                .Where(e =>
                    e.Type == "seeding_started" && torrent < created.Count && e.Data.GetProperty("InfoHash").GetString() == created[torrent]
                )
                .Select(e => e.Data.GetProperty("Node").GetString()!),
        ];
    }

    public static IEnumerable<string> Serving(IEnumerable<JsonElement> rows) =>
        rows.Where(row => row.GetProperty("seeding").GetBoolean()).Select(row => row.GetProperty("node").GetString()!);

    private static long Uploaded(JsonElement row) =>
        row.GetProperty("uploadedBytes") is { ValueKind: JsonValueKind.Number } bytes ? bytes.GetInt64() : 0;

    private LineNode Node(string name, string roles)
    {
        var more = new Dictionary<string, string>(Line.ImpatientSettings)
        {
            ["Node__Roles"] = roles,
            ["Node__SeedSweep"] = "00:00:00.5",
            ["Node__TellInterval"] = "00:00:00.3",
            ["Node__QueueExpiry"] = "00:00:02",
            ["Work__RootDelay"] = "00:00:00.5",
            ["Waku__RequireRelayPeers"] = "false",
        };
        return Keep(new LineNode(new ServiceNodeSettings(name, folder.Sub(name), database, waku, broker.Uri(Host), More: more)));
    }

    private async Task Cut(LineNode maker, int weeks, int torrents)
    {
        await maker.Command(
            "CreateArchive",
            new { communityId = community.Id, to = community.EndOf(weeks) },
            Guid.CreateVersion7(),
            Cancellation
        );
        await Line.Until(maker, "archive_created", torrents, Cancellation);
    }

    private static Task Until(LineNode node, string what, Func<IReadOnlyList<EventRow>, bool> condition) =>
        Deadline.Until(what, async () => condition(await node.Records.Events(Cancellation)), Limit, Cancellation);

    /// <summary>Rows of <c>/seeding</c> as soon as they are so; as they are at the limit otherwise.</summary>
    private static async Task<IReadOnlyList<JsonElement>> Seeding(LineNode node, Func<IReadOnlyList<JsonElement>, bool> condition)
    {
        IReadOnlyList<JsonElement> rows = [];
        await Deadline.Until(
            "the nodes say what they serve",
            async () => condition(rows = [.. (await Get(node, "seeding")).GetProperty("rows").EnumerateArray()]),
            Limit,
            Cancellation
        );
        return rows;
    }

    private static async Task<JsonElement> Get(LineNode node, string path)
    {
        using var response = await node.Process.Get(path, Cancellation);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private async Task<byte[]> FetchFrom(LineNode maker)
    {
        var created = (await maker.Records.Events(Cancellation)).Single(e => e.Type == "archive_created").Data;
        await using var stranger = await Engine.Start(new BitTorrentOptions { MetadataTimeout = Limit });
        var magnet = Magnetlink.Parse(created.GetProperty("Magnetlink").GetString()!);
        return await stranger.FetchMetadata(magnet.WithPeers([ForeignClients.Peer(maker.Settings.TorrentPort)]), Cancellation);
    }

    private Task<bool> HasQueue() => Exists(channel => channel.QueueDeclarePassiveAsync(SecondQueue, Cancellation));

    /// <summary>Asking for the queue by its name would renew its life, and so would declaring it.</summary>
    private async Task<bool> TakesMessages()
    {
        await using var connection = await new ConnectionFactory { Uri = broker.Uri(Host) }.CreateConnectionAsync(Cancellation);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true),
            Cancellation
        );
        try
        {
            await channel.BasicPublishAsync(
                exchange: "",
                routingKey: SecondQueue,
                mandatory: true,
                body: ReadOnlyMemory<byte>.Empty,
                cancellationToken: Cancellation
            );
            return true;
        }
        catch (PublishException returned) when (returned.IsReturn)
        {
            return false;
        }
    }

    /// <summary>Declares the queue once more: the broker refuses any argument that is not the queue's own.</summary>
    private Task<bool> IsBounded() =>
        Exists(channel =>
            channel.QueueDeclareAsync(
                SecondQueue,
                durable: true,
                exclusive: false,
                autoDelete: false,
                new Dictionary<string, object?> { ["x-expires"] = 2000, ["x-max-length"] = BusEndpoints.SeederQueueLength },
                cancellationToken: Cancellation
            )
        );

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

    private async Task Record(LineNode maker, int firstWeek, int endWeek)
    {
        var file = Path.Combine(folder.Path, "messages.json");
        await File.WriteAllTextAsync(file, community.ToFile(firstWeek, endWeek), Cancellation);
        await Verb(maker.Settings, ["messages", "record", file], input: null);
    }

    private static async Task Verb(ServiceNodeSettings settings, string[] arguments, string? input)
    {
        var (code, _, error) = await ServiceNode.Run(settings, arguments, input, Cancellation);
        if (code != 0)
            throw new InvalidOperationException($"{string.Join(' ', arguments.Take(2))} ended with {code}: {error}");
    }

    private async Task<T> Keep<T>(Task<T> starting)
        where T : IAsyncDisposable => Keep(await starting);

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Push(part);
        return part;
    }
}
