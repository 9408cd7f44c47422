using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Tests.Integration.Cli;
using EventArchive.Waku;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Http;

/// <summary>
/// An owner and a member with a Postgres database and a Waku node each, that took ten messages of a community with a key of its own once
/// through the main line. Started once for the tests that only ask.
/// </summary>
public sealed class ServicePair : IAsyncLifetime
{
    public const string Collection = "service pair";

    /// <summary>A community that neither knows.</summary>
    public const string Stranger = "0x02aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();
    private readonly Stack<IAsyncDisposable> parts = new();
    private readonly List<string> said = [];
    private PrivatePostgres postgres = null!;

    public byte[] PrivateKey { get; } = RandomNumberGenerator.GetBytes(CommunityKey.PrivateKeyBytes);

    public CommunityId Community => CommunityKey.IdOf(PrivateKey);

    /// <summary>Ten messages, with the private key in the file.</summary>
    public string MessageFile { get; private set; } = null!;

    public ServiceNode Owner { get; private set; } = null!;

    public ServiceNode Member { get; private set; } = null!;

    public ServiceNodeSettings OwnerSettings { get; private set; } = null!;

    public ServiceNodeSettings MemberSettings { get; private set; } = null!;

    /// <summary>Everything that the verbs printed.</summary>
    public IReadOnlyList<string> Said => said;

    /// <summary>Every socket that the processes had open at one time or another.</summary>
    public SocketWatch Sockets { get; } = new();

    public string WakuLog => Path.Combine(folder.Path, "waku.log");

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        parts.Push(Sockets);
        MessageFile = new VectorFile("archive-10").WriteInput(folder.Path, file => file["communityPrivateKey"] = Hex.Encode(PrivateKey));
        postgres = Keep(await PrivatePostgres.Start(new PostgresSettings(Durable: false), cancellation));
        var waku = Keep(await WakuDevNode.Start(peer: null, WakuLog, cancellation));
        var memberWaku = Keep(await WakuDevNode.Start(waku.Multiaddr, WakuLog + ".member", cancellation));
        Sockets.Watch(waku.ProcessId, memberWaku.ProcessId);
        OwnerSettings = await NewSettings("owner", waku.Rest, cancellation);
        MemberSettings = await NewSettings("member", memberWaku.Rest, cancellation);
        Owner = Keep(await ServiceNode.Start(OwnerSettings, cancellation));
        Member = Keep(await ServiceNode.Start(MemberSettings, cancellation));
        Sockets.Watch(Owner.ProcessId, Member.ProcessId);
        await RunMainLine(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        while (parts.TryPop(out var part))
            await part.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        folder.Dispose();
    }

    /// <summary>Settings with a database of their own.</summary>
    public async Task<ServiceNodeSettings> NewSettings(string name, Uri waku, CancellationToken cancellation) =>
        new(name, folder.Sub(name), await postgres.CreateDatabase(cancellation), waku);

    public string Sub(string name) => folder.Sub(name);

    /// <summary>Runs a verb with the owner's settings and remembers what it printed.</summary>
    internal async Task<Verb> Say(string? input, params string[] arguments)
    {
        var verb = await Verb.RunWith(OwnerSettings, input, arguments);
        said.AddRange([verb.Output, verb.Error]);
        return verb;
    }

    /// <summary>A client of the owner's with an API key of this name.</summary>
    public async Task<HttpClient> SignIn(string name)
    {
        var made = (await Say(null, "apikeys", "create", name, "--json")).ShouldSucceed();
        var http = new HttpClient { BaseAddress = Owner.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", made.Json.GetProperty("key").GetString());
        return http;
    }

    public async Task<ServiceOutcome> Send(ServiceNode node, string command, object body)
    {
        var cancellation = TestContext.Current.CancellationToken;
        return await node.Outcome(await node.Send(command, body, cancellation), Limit, cancellation);
    }

    /// <summary>The log comes through a pipe, after the answer.</summary>
    public Task UntilOwnerLogs(string text) =>
        Eventually.Is(() => File.ReadAllText(OwnerSettings.LogFile).Contains(text), $"the owner logs: {text}");

    /// <summary>Waits until no announcement is under way and the member has the last one: until then either may get events that nobody asked for.</summary>
    public async Task UntilAnnounced()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await Deadline.Until(
            "every announcement is published, and the member has the last one",
            async () =>
            {
                var events = await Owner.Events(0, cancellation);
                var published = Clocks(events, "magnetlink_published");
                return events.LastOrDefault(e => e.Type is "announcement_requested" or "announcement_prepared")?.Type
                        != "announcement_requested"
                    && published.Count + Clocks(events, "announcement_failed").Count == Clocks(events, "announcement_prepared").Count
                    && published is [.., var last]
                    && Clocks(await Member.Events(0, cancellation), "magnetlink_received").Contains(last);
            },
            Limit,
            cancellation
        );

        static List<ulong> Clocks(IEnumerable<ServiceEvent> events, string type) =>
            [.. events.Where(e => e.Type == type).Select(e => e.Data.GetProperty("clock").GetUInt64())];
    }

    /// <summary>What a refusal says.</summary>
    public static async Task<string> Detail(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("detail").GetString()!;

    private async Task RunMainLine(CancellationToken cancellation)
    {
        (await Say(Convert.ToHexStringLower(PrivateKey), "keys", "import", "--json")).ShouldSucceed();
        (await Say(null, "messages", "record", MessageFile, "--json")).ShouldSucceed();
        var file = JsonNode.Parse(await File.ReadAllTextAsync(MessageFile, cancellation))!;
        (await Send(Owner, "EnableHistoryArchives", Enable(controlNode: true))).Refusal.ShouldBeNull();
        (await Send(Member, "EnableHistoryArchives", Enable(controlNode: false))).Refusal.ShouldBeNull();
        // An announcement that comes before a node listens is not heard again until the next one.
        foreach (var settings in new[] { OwnerSettings, MemberSettings })
            await Eventually.Is(() => File.ReadAllText(settings.LogFile).Contains("Listening on"), $"the {settings.Name} listens");
        var window = new
        {
            communityId = Community,
            from = (ulong)file["startDate"]!,
            to = (ulong)file["endDate"]!,
        };
        (await Send(Owner, "CreateArchive", window)).Refusal.ShouldBeNull();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var begun = TimeProvider.System.GetTimestamp();
        while ((await Member.Events(0, cancellation)).All(e => e.Type != "seeding_started"))
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Limit)
                throw new TimeoutException(
                    $"The member does not seed. Owner: {await Told(Owner)}\n{Owner.Tail}\nMember: {await Told(Member)}\n{Member.Tail}"
                );
            await timer.WaitForNextTickAsync(cancellation);
        }
        await UntilAnnounced();

        async Task<string> Told(ServiceNode node) => string.Join(' ', (await node.Events(0, cancellation)).Select(e => e.Type));

        object Enable(bool controlNode) =>
            new
            {
                communityId = Community,
                controlNode,
                chatIds = file["chatIds"].Deserialize<string[]>(),
            };
    }

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Push(part);
        return part;
    }
}

[CollectionDefinition(ServicePair.Collection)]
public sealed class ServicePairTests : ICollectionFixture<ServicePair>;
