using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>The swarm has other programs in it: they take what we seed, and we take what they seed.</summary>
public sealed class ForeignClientTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("torrent")]
    [InlineData("magnet")]
    public async Task Aria2_downloads_everything_from_us_through_a_tracker(string by)
    {
        await using var tracker = await LoopbackTracker.Start();
        await using var owner = await SeedThrough(tracker, out var owned);
        await Eventually.Is(() => tracker.Knows(owned.InfoHash, owner.Peer!), "the tracker knows us");
        var download = folder.Sub("aria2");
        var what = by == "torrent" ? Save(owned) : owned.Magnet().ToString();

        await using var aria2 = ForeignClients.Aria2(download, FreePort.Next(), what, "--seed-time=0", $"--bt-tracker={tracker.Announce}");

        (await aria2.Exit(Cancellation)).ShouldBe(0, aria2.Output);
        owned.IsCopied(download).ShouldBeTrue(aria2.Output);
        owner.List().Single().UploadedBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Transmission_downloads_everything_from_us_by_a_magnet_through_a_tracker()
    {
        await using var tracker = await LoopbackTracker.Start();
        await using var owner = await SeedThrough(tracker, out var owned);
        await Eventually.Is(() => tracker.Knows(owned.InfoHash, owner.Peer!), "the tracker knows us");
        var place = folder.Sub("transmission");
        var rpcPort = FreePort.Next();
        await using var transmission = ForeignClients.Transmission(place, FreePort.Next(), rpcPort);
        using var rpc = new TransmissionRpc(rpcPort);

        await rpc.Add(MagnetWith(tracker, owned));

        // It connects to nobody on 127.0.0.0/8, so it waits until we hear of it from the tracker and call: about 12 seconds.
        await Eventually.Is(() => owned.IsCopied(Path.Combine(place, "downloads")), "Transmission has both files", seconds: 90);
        owner.List().Single().UploadedBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task QBittorrent_downloads_everything_from_us_with_the_peer_in_the_magnet()
    {
        await using var owner = await Engine.Start();
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 25);
        await owner.Seed(owned, Cancellation);
        var place = folder.Sub("qbittorrent");
        var webPort = FreePort.Next();
        await using var program = ForeignClients.QBittorrent(place, FreePort.Next(), webPort);
        using var api = new QBittorrentApi(webPort);

        await api.Add(owned.Magnet(owner.Peer!).ToString(), Path.Combine(place, "downloads"));

        await Eventually.Is(() => owned.IsCopied(Path.Combine(place, "downloads")), "qBittorrent has both files", seconds: 60);
        owner.List().Single().UploadedBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Python_libtorrent_downloads_everything_from_us_with_the_peer_in_the_magnet()
    {
        await using var owner = await Engine.Start();
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 25);
        await owner.Seed(owned, Cancellation);
        var download = folder.Sub("python");

        await using var python = ForeignClients.PythonLibtorrent(download, FreePort.Next(), owned.Magnet(owner.Peer!).ToString());

        await Eventually.Is(() => python.Output.Contains("complete", StringComparison.Ordinal), "it says it is complete", seconds: 90);
        await Eventually.Is(() => owned.IsCopied(download), "python3-libtorrent has both files");
    }

    [Theory]
    [InlineData("aria2")]
    [InlineData("python")]
    [InlineData("transmission")]
    [InlineData("qbittorrent")]
    public async Task We_download_everything_from_a_foreign_seeder_with_only_its_address(string program)
    {
        await using var member = await Engine.Start(new BitTorrentOptions { MetadataTimeout = TimeSpan.FromSeconds(60) });
        var original = RandomTorrent.Make(folder.Sub("owner"), pieces: 25);
        var port = FreePort.Next();
        await using var seeder = await StartSeeder(program, port, original);
        var magnet = original.Magnet(ForeignClients.Peer(port));

        var info = await member.FetchMetadata(magnet, Cancellation);
        var copy = original.At(folder.Sub("member")) with { TorrentFile = RandomTorrent.TorrentFile(info) };
        await member.DownloadIndex(copy, magnet.Peers, Cancellation);
        await member.Download(copy, magnet.Peers, new Reports(), Cancellation);

        copy.Data().ShouldBe(original.Data(), seeder.Output);
        copy.Index().ShouldBe(original.Index());
    }

    private async Task<ForeignProgram> StartSeeder(string program, int port, TorrentContent original)
    {
        var seeded = original.Laid(folder.Sub("seeder"));
        var controlPort = FreePort.Next();
        switch (program)
        {
            case "aria2":
                return ForeignClients.Aria2(seeded, port, Save(original), "--check-integrity=true", "--seed-ratio=0.0");
            case "python":
                return ForeignClients.PythonLibtorrent(seeded, port, Save(original));
            case "transmission":
                var transmission = ForeignClients.Transmission(folder.Sub("transmission"), port, controlPort);
                using (var rpc = new TransmissionRpc(controlPort))
                    await rpc.Add(original.TorrentFile, seeded);
                return transmission;
            default:
                var qbittorrent = ForeignClients.QBittorrent(folder.Sub("qbittorrent"), port, controlPort);
                using (var api = new QBittorrentApi(controlPort))
                    await api.Add(original.TorrentFile, seeded);
                return qbittorrent;
        }
    }

    private static string MagnetWith(LoopbackTracker tracker, TorrentContent owned) =>
        Magnetlink.Of(owned.InfoHash, RandomTorrent.Community, [tracker.Announce.AbsoluteUri]).ToString();

    private Task<LibtorrentEngine> SeedThrough(LoopbackTracker tracker, out TorrentContent owned)
    {
        // Transmission takes its tracker from the file alone, aria2 from its command line.
        owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 25, trackers: tracker.Announce.AbsoluteUri);
        return Started(tracker, owned);
    }

    private static async Task<LibtorrentEngine> Started(LoopbackTracker tracker, TorrentContent owned)
    {
        var engine = await Engine.Start(new BitTorrentOptions { Discovery = Discovery.Trackers, Trackers = [tracker.Announce] });
        await engine.Seed(owned, Cancellation);
        return engine;
    }

    private string Save(TorrentContent torrent)
    {
        var path = Path.Combine(folder.Path, "archive.torrent");
        File.WriteAllBytes(path, torrent.TorrentFile.Span);
        return path;
    }
}
