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

    private LoneSeeder seeder = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        seeder = await LoneSeeder.Prepare(nameof(ManyCommunitiesTests));
        await SeededCommunities.Make(seeder.Settings, Count, seeded: true, Cancellation);
    }

    public ValueTask DisposeAsync() => seeder.DisposeAsync();

    [Fact]
    public async Task All_come_back_after_a_restart_and_broken_ones_hold_up_no_other()
    {
        var settings = seeder.Settings;
        // Two torrents that are none, a folder elsewhere, a file that is gone, and a state that cannot be read.
        var noTorrent = Path.Combine(settings.Archives, $"{SeededCommunities.Id(0)}");
        foreach (var file in Directory.GetFiles(noTorrent, "torrent.*").Append($"{noTorrent}.torrent"))
            await File.WriteAllTextAsync(file, "llll", Cancellation);
        var (moved, link) = (Path.Combine(seeder.Sub("away"), "elsewhere"), Path.Combine(settings.Archives, $"{SeededCommunities.Id(1)}"));
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

        var resumed = $"{Count - 4} torrents are seeded again after";
        await Eventually.Is(
            () => File.ReadAllText(settings.LogFile).Contains(resumed, StringComparison.Ordinal),
            "the last of them is told"
        );
        var log = await File.ReadAllTextAsync(settings.LogFile, Cancellation);
        log.ShouldContain($"{Count - 3} torrents are seeded again after");
        foreach (var broken in Enumerable.Range(0, 4))
            log.ShouldContain($"The torrent of community {SeededCommunities.Id(broken)} is not seeded again");
        again.HasExited.ShouldBeFalse();
    }

    /// <summary>The node says so, and gives one of them to whoever asks.</summary>
    private async Task ShouldServe(ServiceNode node, IReadOnlyList<int> numbers)
    {
        var served = (await LoneSeeder.UntilServing(node, numbers.Count)).Where(LoneSeeder.IsServed).ToList();
        served.Select(LoneSeeder.CommunityOf).ShouldBe(numbers.Select(SeededCommunities.Id), ignoreOrder: true);
        var last = served.Single(row => LoneSeeder.CommunityOf(row) == SeededCommunities.Id(numbers[^1]));
        await using var stranger = await Engine.Start(new BitTorrentOptions { MetadataTimeout = LoneSeeder.Limit });
        await stranger.FetchMetadata(seeder.MagnetOf(last), Cancellation);
    }

    private async Task Spoil(CommunityId community)
    {
        await using var source = NpgsqlDataSource.Create(seeder.Settings.Database);
        await using var command = source.CreateCommand("update mt_doc_community set data = '{\"State\": 1}' where id = $1");
        command.Parameters.Add(new() { Value = Domain.Community.StreamId(community) });
        (await command.ExecuteNonQueryAsync(Cancellation)).ShouldBe(1);
    }
}
