using System.Diagnostics;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.MainLine;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Faults;

/// <summary>The broker and the Waku node are away while announcements are due, for two minutes with EVENTARCHIVE_ALL=1, and come back.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private const string Host = "owner";
    private const int Weeks = 1;

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(
        Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1" ? 120 : 10
    );
    private static readonly TimeSpan AnnounceEvery = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventarchive-outage-");
    private readonly SampleCommunity community = new("outage", messagesPerWeek: 3);
    private readonly List<IAsyncDisposable> parts = [];
    private WakuDevNode near = null!;
    private WakuDevNode far = null!;
    private PrivateRabbitMq broker = null!;
    private ServiceNodeSettings settings = null!;
    private LineNode owner = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var postgres = Keep(await PrivatePostgres.Start(new PostgresSettings(Durable: false), Cancel));
        broker = Keep(await PrivateRabbitMq.Start([Host], new RabbitMqSettings(AlwaysPrivate: true), Cancel));
        // The far node stays and keeps what it hears; the near one, which the owner speaks to, dials it again whenever it starts.
        far = Keep(await WakuDevNode.Start(Cancel));
        near = Keep(await WakuDevNode.Start(far.Multiaddr, logFile: null, Cancel));
        settings = new ServiceNodeSettings(
            "owner",
            Path.Combine(folder.FullName, "owner"),
            await postgres.CreateDatabase(Cancel),
            near.Rest,
            broker.Uri(Host),
            More: new Dictionary<string, string>(Line.ImpatientSettings)
            {
                ["Schedule__AnnounceEvery"] = $"{AnnounceEvery:c}",
                ["Schedule__RetryAfter"] = "00:00:02",
                ["Schedule__Look"] = "00:00:00.2",
            }
        );
        var file = Path.Combine(folder.FullName, "messages.json");
        await File.WriteAllTextAsync(file, community.ToFile(0, Weeks), Cancel);
        await Verb(settings, ["db", "apply"], input: null);
        await Verb(settings, ["keys", "import"], community.PrivateKey);
        await Verb(settings, ["messages", "record", file], input: null);
    }

    public async ValueTask DisposeAsync()
    {
        parts.Reverse();
        foreach (var part in parts)
            await part.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_due_in_an_outage_of_broker_and_node_is_published_once_they_are_back_and_each_clock_once()
    {
        await Announce(maxAttempts: 1000);
        var clock = Stopwatch.StartNew();
        await near.Kill();
        await broker.Kill(Cancel);
        // One that was under way when the node died stays so, and no other is prepared before it is published.
        var published = 0;
        await Until(
            "an announcement is under way in the outage",
            async () =>
            {
                var now = await owner.Records.Events(Cancel);
                published = Clocks(now, "magnetlink_published").Count;
                return Clocks(now, "announcement_prepared").Count > published;
            }
        );
        while (clock.Elapsed < Outage)
            await Task.Delay(100, Cancel);
        (await Count("magnetlink_published")).ShouldBe(published, "nobody took it");
        await near.Restart(Cancel);
        await broker.StartAgain(Cancel);

        // The one of the outage, and one that the schedule made after it: everything moves again.
        await Until("announcements are published again", async () => await Count("magnetlink_published") >= published + 2);
        // The schedule goes on: what is heard now was prepared before the events are read.
        var heard = await Heard();
        var events = await owner.Records.Events(Cancel);
        var prepared = Clocks(events, "announcement_prepared");
        var sent = Clocks(events, "magnetlink_published");
        prepared.ShouldBeUnique();
        prepared.ShouldBeInOrder();
        sent.ShouldBeUnique();
        // One may be under way.
        sent.ShouldBe(prepared.Take(sent.Count));
        prepared.Count.ShouldBeLessThanOrEqualTo(sent.Count + 1);
        heard.Distinct().Order().ShouldBeSubsetOf(prepared);
        heard.ShouldContain(sent[published], "the network has the announcement of the outage");
    }

    [Fact]
    public async Task An_announcement_that_was_given_up_is_made_anew_with_a_higher_clock_because_the_schedule_goes_on_after_a_kill()
    {
        await Announce(maxAttempts: 2);

        await near.Kill();
        await Until("an announcement is given up", async () => await Count("announcement_failed") > 0);
        var published = await Count("magnetlink_published");
        owner.Process.Kill();
        await owner.Process.Exit(Line.Limit, Cancel);
        await near.Restart(Cancel);
        await owner.Start(crashAt: null, Cancel);
        await Until("announcements are published again", async () => await Count("magnetlink_published") > published);

        var events = await owner.Records.Events(Cancel);
        Clocks(events, "announcement_failed").Intersect(Clocks(events, "magnetlink_published")).ShouldBeEmpty();
        Clocks(events, "magnetlink_published")[^1].ShouldBeGreaterThan(Clocks(events, "announcement_failed")[0]);
        await Until("nothing stays parked", async () => (await owner.Process.Get("health/ready", Cancel)).IsSuccessStatusCode);
    }

    /// <summary>Starts the owner and waits for its first announcement.</summary>
    private async Task Announce(int maxAttempts)
    {
        owner = Keep(
            new LineNode(
                settings with
                {
                    More = new Dictionary<string, string>(settings.More!) { ["Work__MaxAttempts"] = $"{maxAttempts}" },
                }
            )
        );
        await owner.Start(crashAt: null, Cancel);
        await owner.Command(
            "EnableHistoryArchives",
            new
            {
                communityId = community.Id,
                controlNode = true,
                chatIds = community.ChatIds,
            },
            Guid.CreateVersion7(),
            Cancel
        );
        await owner.Command(
            "CreateArchive",
            new { communityId = community.Id, to = community.EndOf(Weeks) },
            Guid.CreateVersion7(),
            Cancel
        );
        await Until("the torrent is announced", async () => await Count("magnetlink_published") > 0);
    }

    /// <summary>The clocks of the announcements that the far node's store holds.</summary>
    private async Task<IReadOnlyList<ulong>> Heard()
    {
        using var http = WakuServices.NewHttpClient();
        var client = new NwakuClient(http, new WakuOptions { Node = far.Rest }, TimeProvider.System);
        var channel = MagnetlinkChannels.Of(CommunityId.Parse(community.Id))[0];
        var key = new WakuKeys().Of(channel);
        var page = await client.Query(
            new StoreQuery(PubsubTopic.Default, [ContentTopic.OfChat(channel).Name], DateTimeOffset.UnixEpoch),
            cursor: null,
            Cancel
        );
        return
        [
            .. page.Messages.Select(message =>
                MagnetlinkEnvelope
                    .Decode(new MagnetlinkSample { WakuPayload = Hex.Encode(message.Payload), SymKey = Hex.Encode(key.Span) })
                    .Clock!.Value
            ),
        ];
    }

    private async Task<int> Count(string type) => (await owner.Records.Events(Cancel)).Count(e => e.Type == type);

    private static List<ulong> Clocks(IEnumerable<EventRow> events, string type) =>
        [.. events.Where(e => e.Type == type).Select(e => e.Data.GetProperty("Clock").GetUInt64())];

    private static Task Until(string what, Func<Task<bool>> condition) => Deadline.Until(what, condition, Patience, Cancel);

    private T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Add(part);
        return part;
    }

    private static async Task Verb(ServiceNodeSettings settings, string[] arguments, string? input)
    {
        var (code, _, error) = await ServiceNode.Run(settings, arguments, input, Cancel);
        if (code != 0)
            throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {code}: {error}");
    }
}
