using System.Text.Json;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Tests.MainLine;
using Xunit;

namespace EventArchive.Tests.Integration.MainLine;

/// <summary>
/// One community from its first cut to its second, on real parts: two processes of the service, a database each, two Waku nodes in a mesh.
/// The story is told once; the tests look at what the nodes held at each of its stages.
/// </summary>
public abstract class LineStory : IAsyncLifetime
{
    public const int FirstWeeks = 3;
    public const int MessagesPerWeek = 20;

    private readonly Stack<IAsyncDisposable> parts = new();
    private readonly TempFolder folder = new();

    /// <summary>After the first CreateArchive and all that it led to.</summary>
    public LineStage First { get; private set; } = null!;

    /// <summary>After the same CreateArchive again, once with the same id and once with a new one.</summary>
    public LineStage Repeated { get; private set; } = null!;

    /// <summary>After a CreateArchive for one week more.</summary>
    public LineStage Second { get; private set; } = null!;

    public ServiceOutcome FirstOutcome { get; private set; } = null!;
    public ServiceOutcome SameIdOutcome { get; private set; } = null!;
    public ServiceOutcome NewIdOutcome { get; private set; } = null!;

    /// <summary>Bytes that the owner gave the member, by stage.</summary>
    public long FirstBytes { get; private set; }
    public long SecondBytes { get; private set; }

    /// <summary>What a third party got from the member alone, once the owner had stopped: files by name.</summary>
    public IReadOnlyDictionary<string, byte[]> ThirdParty { get; private set; } = null!;
    public int OwnerExitCode { get; private set; }

    public Line Line { get; private set; } = null!;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var postgres = await Keep(PrivatePostgres.Start(new PostgresSettings(Durable: false), Cancellation));
        var ownerWaku = await Keep(WakuDevNode.Start(Cancellation));
        var memberWaku = await Keep(WakuDevNode.Start(ownerWaku.Multiaddr, logFile: null, Cancellation));
        var (ownerBus, memberBus) = await StartBus();

        var owner = new ServiceNodeSettings(
            "owner",
            folder.Sub("owner"),
            await postgres.CreateDatabase(Cancellation),
            ownerWaku.Rest,
            ownerBus
        );
        // Members reach the owner through something that counts.
        var relay = Keep(new Relay(PeerAddress.Parse($"127.0.0.1:{owner.TorrentPort}"), long.MaxValue));
        owner = owner with
        {
            More = new Dictionary<string, string>(Line.ImpatientSettings) { ["BitTorrent__AdvertisedPeer"] = relay.Peer.ToString() },
        };
        var member = new ServiceNodeSettings(
            "member",
            folder.Sub("member"),
            await postgres.CreateDatabase(Cancellation),
            memberWaku.Rest,
            memberBus,
            More: Line.ImpatientSettings
        );
        Line = Keep(
            new Line(new SampleCommunity("three channels", MessagesPerWeek), pubsubTopic: null, new LineNode(owner), new LineNode(member))
        );

        await Verb(owner, ["db", "apply", "--json"], input: null);
        await Verb(owner, ["keys", "import", "--json"], Line.Community.PrivateKey);
        await Record(0, FirstWeeks);
        await Task.WhenAll(Line.Owner.Start(crashAt: null, Cancellation), Line.Member.Start(crashAt: null, Cancellation));
        await Begin();
        await Line.Enable(Cancellation);

        var firstId = Guid.CreateVersion7();
        FirstOutcome = await Line.CreateArchive(FirstWeeks, firstId, Cancellation);
        First = await Stage(publications: 1);
        FirstBytes = relay.Passed;

        SameIdOutcome = await Line.CreateArchive(FirstWeeks, firstId, Cancellation);
        NewIdOutcome = await Line.CreateArchive(FirstWeeks, Guid.CreateVersion7(), Cancellation);
        Repeated = await Stage(publications: 1);

        await Record(FirstWeeks, FirstWeeks + 1);
        await Line.CreateArchive(FirstWeeks + 1, Guid.CreateVersion7(), Cancellation);
        Second = await Stage(publications: 2);
        SecondBytes = relay.Passed - FirstBytes;

        await End();
        OwnerExitCode = await Line.Owner.Process.Stop(Cancellation);
        ThirdParty = await DownloadFromMember();
    }

    public async ValueTask DisposeAsync()
    {
        while (parts.TryPop(out var part))
            await part.DisposeAsync();
        foreach (var node in Line?.Nodes ?? [])
            node.KeepLog(GetType().Name);
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The owner's and the member's bus; null: in memory.</summary>
    protected abstract Task<(Uri? Owner, Uri? Member)> StartBus();

    /// <summary>Both nodes run, nothing has happened.</summary>
    protected virtual Task Begin() => Task.CompletedTask;

    /// <summary>All has happened, both nodes still run.</summary>
    protected virtual Task End() => Task.CompletedTask;

    protected async Task<LineStage> Look() => new(await Side(Line.Owner), await Side(Line.Member));

    protected async Task<T> Keep<T>(Task<T> starting)
        where T : IAsyncDisposable => Keep(await starting);

    protected T Keep<T>(T part)
        where T : IAsyncDisposable
    {
        parts.Push(part);
        return part;
    }

    private async Task<LineStage> Stage(int publications)
    {
        await Line.Until(Line.Owner, "magnetlink_published", publications, Cancellation);
        await Line.Until(Line.Member, "seeding_started", publications, Cancellation);
        await Line.UntilQuiet(Cancellation);
        return await Look();
    }

    private static async Task<LineSide> Side(LineNode node) =>
        new(
            await node.Records.Events(Cancellation),
            await node.Records.Messages(Cancellation),
            node.Records.Files(),
            await node.Records.Refusals(Cancellation)
        );

    private async Task Record(int firstWeek, int endWeek)
    {
        var file = Path.Combine(folder.Path, $"messages-{firstWeek}.json");
        await File.WriteAllTextAsync(file, Line.Community.ToFile(firstWeek, endWeek), Cancellation);
        var recorded = await Verb(Line.Owner.Settings, ["messages", "record", file, "--json"], input: null);
        if (recorded.GetProperty("recorded").GetInt32() != (endWeek - firstWeek) * MessagesPerWeek)
            throw new InvalidOperationException($"messages record answered {recorded}.");
    }

    private async Task<IReadOnlyDictionary<string, byte[]>> DownloadFromMember()
    {
        var created = Second.Owner.Events.Last(e => e.Type == "archive_created").Data;
        var into = folder.Sub("third");
        await Verb(
            settings: null,
            [
                "download",
                created.GetProperty("Magnetlink").GetString()!,
                "--peer",
                $"127.0.0.1:{Line.Member.Settings.TorrentPort}",
                "--out",
                into,
                "--json",
            ],
            input: null
        );
        return Directory
            .EnumerateFiles(into, "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
    }

    private static async Task<JsonElement> Verb(ServiceNodeSettings? settings, string[] arguments, string? input)
    {
        var (code, output, error) = await ServiceNode.Run(settings, arguments, input, Cancellation);
        return code == 0
            ? JsonDocument.Parse(output).RootElement
            : throw new InvalidOperationException($"{string.Join(' ', arguments.Take(2))} ended with {code}: {error}");
    }
}
