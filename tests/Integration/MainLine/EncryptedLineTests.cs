using System.Text.Json;
using EventArchive.EventStore;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Tests.Integration.Cli;
using EventArchive.Tests.MainLine;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.MainLine;

/// <summary>The main line of a community that encrypts, with a member whose keys come late and in the wrong order.</summary>
public sealed class EncryptedLineTests : IAsyncLifetime
{
    private const int Weeks = 2;
    private const int PerWeek = 10;
    private const byte Older = 0xA1;
    private const byte Newer = 0xB2;

    private readonly TempFolder folder = new();
    private readonly Stack<IAsyncDisposable> parts = new();
    private Line line = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var postgres = await Keep(PrivatePostgres.Start(new PostgresSettings(Durable: false), Cancellation));
        var ownerWaku = await Keep(WakuDevNode.Start(Cancellation));
        var memberWaku = await Keep(WakuDevNode.Start(ownerWaku.Multiaddr, logFile: null, Cancellation));
        var owner = new ServiceNodeSettings(
            "owner",
            folder.Sub("owner"),
            await postgres.CreateDatabase(Cancellation),
            ownerWaku.Rest,
            null,
            More: Line.ImpatientSettings
        );
        var member = new ServiceNodeSettings(
            "member",
            folder.Sub("member"),
            await postgres.CreateDatabase(Cancellation),
            memberWaku.Rest,
            null,
            More: Line.ImpatientSettings
        );
        line = new Line(new SampleCommunity("members only", PerWeek), pubsubTopic: null, new LineNode(owner), new LineNode(member))
        {
            EncryptedAfter = 0,
        };
        parts.Push(line);
        await Run(owner, ["db", "apply"], null);
        await Run(member, ["db", "apply"], null);
        await Run(owner, ["keys", "import"], line.Community.PrivateKey);
        await Task.WhenAll(line.Owner.Start(crashAt: null, Cancellation), line.Member.Start(crashAt: null, Cancellation));
        await line.Enable(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        while (parts.TryPop(out var part))
            await part.DisposeAsync();
        foreach (var node in line?.Nodes ?? [])
            node.KeepLog(GetType().Name);
        folder.Dispose();
    }

    [Fact]
    public async Task What_cannot_be_opened_waits_for_its_key_and_is_imported_when_that_comes()
    {
        await Record(0, Weeks);
        var refused = await line.CreateArchive(Weeks, Guid.CreateVersion7(), Cancellation);
        refused.Refusal!.Code.ShouldBe("ratchet_key_missing", "in the clear nothing may be cut");

        await ImportKey(line.Owner, Older);
        await line.CreateArchive(Weeks, Guid.CreateVersion7(), Cancellation);
        await Line.Until(line.Member, "download_parked", 1, Cancellation);
        await Record(Weeks, Weeks + 1);
        await ImportKey(line.Owner, Newer);
        await line.CreateArchive(Weeks + 1, Guid.CreateVersion7(), Cancellation);

        // The index is sealed with the newer key: nothing of it can be read, but all of it is fetched.
        await Line.Until(line.Member, "download_parked", 2, Cancellation);
        await Deadline.Until("the member has all bytes", () => SameData(), Line.Limit, Cancellation);
        (await line.Member.Records.Messages(Cancellation)).ShouldBeEmpty();
        var waiting = await Ready();
        await Deadline.Until(
            "the download waits for the key",
            async () => (waiting = await Ready()).GetProperty("parked").GetArrayLength() > 0,
            Line.Limit,
            Cancellation
        );
        waiting.GetProperty("status").GetString().ShouldBe("ready", "a node that waits for a key is well");
        waiting.GetProperty("parked")[0].GetProperty("reason").GetString()!.ShouldContain("keys import --ratchet");

        // With the newer key the newest archive is read, and the torrent is served; the older archives wait.
        await ImportKey(line.Member, Newer);
        await Line.Until(line.Member, "archives_parked", 1, Cancellation);
        await Line.Until(line.Member, "seeding_started", 1, Cancellation);
        (await line.Member.Records.Messages(Cancellation)).Count.ShouldBe(PerWeek);

        await ImportKey(line.Member, Older);
        await Line.Until(line.Member, "history_imported", 2, Cancellation);
        await line.UntilQuiet(Cancellation);

        (await line.Member.Records.Messages(Cancellation)).ShouldBe(await line.Owner.Records.Messages(Cancellation));
        var events = await line.Member.Records.Events(Cancellation);
        Archives(events, "archives_parked", "Archives").ShouldBe([Weeks]);
        Archives(events, "import_started", "Archives").ShouldBe([Weeks + 1, Weeks]);
        events.ShouldNotContain(e => e.Type == "archive_quarantined" || e.Type == "download_failed");
        await ReadByAForeigner();
        await NothingTold();
    }

    private async Task ReadByAForeigner()
    {
        var keys = Path.Combine(folder.Path, "keys.json");
        await File.WriteAllTextAsync(keys, $"[{Key(Newer)},{Key(Older)}]", Cancellation);

        var lines = await HashRatchetScript.Run("open", keys, line.Owner.Settings.Archives);

        lines.Count.ShouldBe(1 + ((Weeks + 1) * PerWeek));
        lines
            .Skip(1)
            .Select(one => one.GetProperty("seqNo").GetInt32())
            .Distinct()
            .ShouldBe([1, 2], "1 and 2 of the older key, 1 of the newer");
        lines[0].GetProperty("index").GetInt32().ShouldBe(2);
    }

    private async Task NothingTold()
    {
        foreach (var node in line.Nodes)
        {
            var told = string.Join('\n', (await node.Records.Events(Cancellation)).Select(e => e.Data.GetRawText())) + node.Process.Tail;
            foreach (var key in new[] { Older, Newer })
                told.ShouldNotContain(HashRatchetScript.Secret(key)[2..], Case.Insensitive);
        }
    }

    private Task<bool> SameData()
    {
        var (owner, member) = (line.Owner.Records.Files(), line.Member.Records.Files());
        var data = $"{line.Community.Id}/data";
        return Task.FromResult(
            owner.TryGetValue(data, out var theirs) && member.TryGetValue(data, out var ours) && ours.AsSpan().SequenceEqual(theirs)
        );
    }

    private async Task<JsonElement> Ready()
    {
        using var answer = await line.Member.Process.Get("/health/ready", Cancellation);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;
    }

    private static IEnumerable<int> Archives(IEnumerable<EventRow> events, string type, string field) =>
        events.Where(e => e.Type == type).Select(e => e.Data.GetProperty(field).GetArrayLength());

    private Task ImportKey(LineNode node, byte key) => Run(node.Settings, ["keys", "import", "--ratchet"], Key(key));

    private string Key(byte key) => HashRatchetScript.Key(line.Community.Id, key, 1_700_000_000_000UL + key);

    private async Task Record(int firstWeek, int endWeek)
    {
        var file = Path.Combine(folder.Path, $"messages-{firstWeek}.json");
        await File.WriteAllTextAsync(file, line.Community.ToFile(firstWeek, endWeek), Cancellation);
        await Run(line.Owner.Settings, ["messages", "record", file], null);
    }

    private static async Task Run(ServiceNodeSettings settings, string[] arguments, string? input)
    {
        var (code, _, error) = await ServiceNode.Run(settings, arguments, input, Cancellation);
        code.ShouldBe(0, error);
    }

    private async Task<T> Keep<T>(Task<T> starting)
        where T : IAsyncDisposable
    {
        var part = await starting;
        parts.Push(part);
        return part;
    }
}
