using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>Five programs of four projects in one swarm, which know each other by a tracker alone.</summary>
public sealed class MixedSwarmTests : IDisposable
{
    private const int CompletionSeconds = 120;

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_member_of_a_mixed_swarm_gets_everything_although_the_first_seeder_leaves_half_way()
    {
        await using var tracker = await LoopbackTracker.Start();
        var options = new BitTorrentOptions { Discovery = Discovery.Trackers, Trackers = [tracker.Announce] };
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 60);
        await using var owner = await Engine.Start(options);
        await owner.Seed(owned, Cancellation);
        await Eventually.Is(() => tracker.Knows(owned.InfoHash, owner.Peer!), "the tracker knows the first seeder");
        var magnet = Magnetlink.Of(owned.InfoHash, RandomTorrent.Community, [tracker.Announce.AbsoluteUri]).ToString();
        var places = new[] { "aria2", "transmission", "qbittorrent", "python" }.ToDictionary(name => name, folder.Sub);
        var downloads = places.ToDictionary(
            place => place.Key,
            place => place.Key is "transmission" or "qbittorrent" ? Path.Combine(place.Value, "downloads") : place.Value
        );
        var (rpcPort, webPort) = (FreePort.Next(), FreePort.Next());

        await using var transmission = ForeignClients.Transmission(places["transmission"], FreePort.Next(), rpcPort);
        await using var qbittorrent = ForeignClients.QBittorrent(places["qbittorrent"], FreePort.Next(), webPort);
        await using var aria2 = ForeignClients.Aria2(
            places["aria2"],
            FreePort.Next(),
            magnet,
            "--seed-ratio=0.0",
            $"--bt-tracker={tracker.Announce}"
        );
        await using var python = ForeignClients.PythonLibtorrent(places["python"], FreePort.Next(), magnet, tracker.Announce.AbsoluteUri);
        await using var member = await Engine.Start(options);
        var copy = owned.At(folder.Sub("member"));
        using (var api = new QBittorrentApi(webPort))
            await api.Add(magnet, downloads["qbittorrent"]);
        await member.Download(copy, [], new Reports(), Cancellation);
        using (var rpc = new TransmissionRpc(rpcPort))
            await rpc.Add(magnet);

        // One whole copy is out, and somebody still lacks the most of it: Transmission takes its time.
        var lacking = downloads.Where(place => !owned.IsCopied(place.Value)).Select(place => place.Key).ToList();
        await owner.DisposeAsync();

        lacking.ShouldNotBeEmpty("the first seeder left too late to be missed");
        copy.Data().ShouldBe(owned.Data());
        foreach (var (name, place) in downloads)
            await Eventually.Is(() => owned.IsCopied(place), $"{name} has both files", CompletionSeconds);
        member.List().Single().UploadedBytes.ShouldBeGreaterThan(0);
    }
}
