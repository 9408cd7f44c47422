using System.Net.Http.Json;
using System.Text.Json;
using EventArchive.BitTorrent;
using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using EventArchive.Tests.MainLine;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Nodes;

/// <summary>A seeder with many communities is started again.</summary>
public sealed class ManyCommunitiesTests : IAsyncLifetime
{
    private const int Count = 50;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();
    private PrivatePostgres postgres = null!;
    private ServiceNodeSettings settings = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        postgres = await PrivatePostgres.Start(new PostgresSettings(Durable: false), Cancellation);
        settings = new ServiceNodeSettings(
            "seeder",
            folder.Sub("seeder"),
            await postgres.CreateDatabase(Cancellation),
            // Nobody listens there: the node tells the others, and nothing is to be heard.
            new Uri($"http://127.0.0.1:{FreePort.Next()}"),
            More: new Dictionary<string, string>(Line.ImpatientSettings) { ["Node__TellInterval"] = "00:00:00.3" }
        );
        await SeededCommunities.Make(settings, Count, seeded: true, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await using (var kept = new LineNode(settings))
            kept.KeepLog(nameof(ManyCommunitiesTests));
        await postgres.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task All_come_back_after_a_restart_and_broken_ones_hold_up_no_other()
    {
        // Two torrents that are none, a folder elsewhere, a file that is gone, and a stream that cannot be read.
        var noTorrent = Path.Combine(settings.Archives, $"{SeededCommunities.Id(0)}");
        foreach (var file in Directory.GetFiles(noTorrent, "torrent.*").Append($"{noTorrent}.torrent"))
            await File.WriteAllTextAsync(file, "llll", Cancellation);
        var (moved, link) = (Path.Combine(folder.Path, "elsewhere"), Path.Combine(settings.Archives, $"{SeededCommunities.Id(1)}"));
        Directory.Move(link, moved);
        Directory.CreateSymbolicLink(link, moved);
        File.Delete(Path.Combine(settings.Archives, $"{SeededCommunities.Id(2)}", "data"));
        await using (var first = await ServiceNode.Start(settings, Cancellation))
        {
            await ShouldServe(first, [.. Enumerable.Range(3, Count - 3)]);
            (await first.Stop(Cancellation)).ShouldBe(0);
        }
        await Spoil(SeededCommunities.Id(3));

        await using var again = await ServiceNode.Start(settings, Cancellation);
        await ShouldServe(again, [.. Enumerable.Range(4, Count - 4)]);

        var log = await File.ReadAllTextAsync(settings.LogFile, Cancellation);
        log.ShouldContain($"{Count - 3} torrents are seeded again after");
        log.ShouldContain($"{Count - 4} torrents are seeded again after");
        foreach (var broken in Enumerable.Range(0, 4))
            log.ShouldContain($"The torrent of community {SeededCommunities.Id(broken)} is not seeded again");
        again.HasExited.ShouldBeFalse();
    }

    /// <summary>The node says so, and gives one of them to whoever asks.</summary>
    private async Task ShouldServe(ServiceNode node, IReadOnlyList<int> numbers)
    {
        List<JsonElement> rows = [];
        var expected = numbers.Select(number => SeededCommunities.Id(number).ToString()).ToList();
        await Deadline.Until(
            $"{numbers.Count} are served: {node.Tail}",
            async () => (rows = await Serving(node)).Count == expected.Count,
            Limit,
            Cancellation
        );
        rows.Select(row => row.GetProperty("communityId").GetString()!).ShouldBe(expected, ignoreOrder: true);
        var last = rows.Single(row => row.GetProperty("communityId").GetString() == expected[^1]);
        var magnet = Magnetlink.Of(InfoHash.Parse(last.GetProperty("infoHash").GetString()!), SeededCommunities.Id(numbers[^1]), []);
        await using var stranger = await Engine.Start(new BitTorrentOptions { MetadataTimeout = Limit });
        await stranger.FetchMetadata(magnet.WithPeers([ForeignClients.Peer(settings.TorrentPort)]), Cancellation);
    }

    private static async Task<List<JsonElement>> Serving(ServiceNode node)
    {
        using var response = await node.Get("seeding?limit=1000", Cancellation);
        var page = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return [.. page.GetProperty("rows").EnumerateArray().Where(row => row.GetProperty("seeding").GetBoolean())];
    }

    private async Task Spoil(CommunityId community)
    {
        await using var source = NpgsqlDataSource.Create(settings.Database);
        await using var command = source.CreateCommand("update mt_events set type = 'never_heard_of' where stream_id = $1 and type = $2");
        command.Parameters.Add(new() { Value = Domain.Community.StreamId(community) });
        command.Parameters.Add(new() { Value = StoredName.Of(typeof(SeedingStarted)) });
        (await command.ExecuteNonQueryAsync(Cancellation)).ShouldBe(1);
    }
}
