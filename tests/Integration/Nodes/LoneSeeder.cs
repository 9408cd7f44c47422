using System.Net.Http.Json;
using System.Text.Json;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Tests.MainLine;
using Xunit;

namespace EventArchive.Tests.Integration.Nodes;

/// <summary>A database and a disk for a seeder that is alone: no broker, and no Waku node where it looks for one.</summary>
internal sealed class LoneSeeder : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();
    private readonly string test;
    private readonly PrivatePostgres postgres;

    private LoneSeeder(string test, PrivatePostgres postgres, string database, IEnumerable<KeyValuePair<string, string>> more)
    {
        this.test = test;
        this.postgres = postgres;
        Settings = new ServiceNodeSettings(
            "seeder",
            folder.Sub("seeder"),
            database,
            new Uri($"http://127.0.0.1:{FreePort.Next()}"),
            More: new Dictionary<string, string>([.. Line.ImpatientSettings, new("Node__TellInterval", "00:00:00.3"), .. more])
        );
    }

    public ServiceNodeSettings Settings { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="test">Whose log is kept.</param>
    /// <param name="more">Settings beside those of every line.</param>
    public static async Task<LoneSeeder> Prepare(string test, params IEnumerable<KeyValuePair<string, string>> more)
    {
        var postgres = await PrivatePostgres.Start(new PostgresSettings(Durable: false), Cancellation);
        return new LoneSeeder(test, postgres, await postgres.CreateDatabase(Cancellation), more);
    }

    public string Sub(string name) => folder.Sub(name);

    /// <summary>Waits until the node says that it serves so many.</summary>
    /// <returns>What it says of all torrents it knows, as GET /seeding gives it.</returns>
    public static async Task<IReadOnlyList<JsonElement>> UntilServing(ServiceNode node, int count)
    {
        IReadOnlyList<JsonElement> rows = [];
        await Deadline.Until(
            $"{count} are served: {node.Tail}",
            async () =>
            {
                using var response = await node.Get("seeding?limit=1000", Cancellation);
                var page = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
                rows = [.. page.GetProperty("rows").EnumerateArray()];
                return rows.Count(IsServed) == count;
            },
            Limit,
            Cancellation
        );
        return rows;
    }

    public static bool IsServed(JsonElement row) => row.GetProperty("seeding").GetBoolean();

    public static CommunityId CommunityOf(JsonElement row) => CommunityId.Parse(row.GetProperty("communityId").GetString()!);

    /// <summary>With which a stranger gets it from this node.</summary>
    public Magnetlink MagnetOf(JsonElement row) =>
        Magnetlink
            .Of(InfoHash.Parse(row.GetProperty("infoHash").GetString()!), CommunityOf(row), [])
            .WithPeers([ForeignClients.Peer(Settings.TorrentPort)]);

    public async ValueTask DisposeAsync()
    {
        await using (var kept = new LineNode(Settings))
            kept.KeepLog(test);
        await postgres.DisposeAsync();
        folder.Dispose();
    }
}
