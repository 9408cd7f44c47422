using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>What <c>archive build</c> makes and <c>seed</c> serves is downloaded whole by other programs, through a tracker on loopback.</summary>
public sealed class ForeignDownloadTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly Stack<IAsyncDisposable> parts = new();
    private LoopbackTracker tracker = null!;
    private TorrentContent built = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var seeded = folder.Sub("seeded");
        var made = await Verb.Run("archive", "build", Repository.File("infra", "messages", "community.json"), "--out", seeded, "--json");
        var community = CommunityId.Parse(made.ShouldSucceed().Json.GetProperty("communityId").GetString()!);
        built = (await ArchiveFolder.Open(seeded).Tree.FindPresent(community, Cancellation))!;
        built.Data().Length.ShouldBeGreaterThan(1_000_000);
        tracker = await LoopbackTracker.Start();
        parts.Push(tracker);
        var seeding = await Seeding.Start(seeded, Cancellation, "--tracker", tracker.Announce.AbsoluteUri);
        parts.Push(seeding);
        await Eventually.Is(() => tracker.Knows(built.InfoHash, PeerAddress.Parse(seeding.Peer)), "the tracker knows the seeder");
    }

    public async ValueTask DisposeAsync()
    {
        while (parts.TryPop(out var part))
            await part.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Aria2_downloads_a_built_torrent_whole()
    {
        var download = folder.Sub("aria2");

        await using var aria2 = ForeignClients.Aria2(
            download,
            FreePort.Next(),
            built.Magnetlink.ToString(),
            "--seed-time=0",
            $"--bt-tracker={tracker.Announce}"
        );

        (await aria2.Exit(Cancellation)).ShouldBe(0, aria2.Output);
        built.IsCopied(download).ShouldBeTrue(aria2.Output);
    }

    [Fact]
    public async Task Transmission_downloads_a_built_torrent_whole()
    {
        var place = folder.Sub("transmission");
        var rpcPort = FreePort.Next();
        await using var transmission = ForeignClients.Transmission(place, FreePort.Next(), rpcPort);
        using var rpc = new TransmissionRpc(rpcPort);

        await rpc.Add(OnLoopback(), Path.Combine(place, "downloads"));

        // It connects to nobody on 127.0.0.0/8, so it waits until the seeder hears of it from the tracker and calls.
        await Eventually.Is(() => built.IsCopied(Path.Combine(place, "downloads")), "Transmission has both files", seconds: 90);
    }

    /// <summary>Transmission asks the trackers of the file, so the public ones are replaced; what the info-hash covers stays as it was built.</summary>
    private byte[] OnLoopback()
    {
        var torrent = TorrentFile.Read(built.TorrentFile, built.CommunityId) with { Trackers = [tracker.Announce.AbsoluteUri] };
        torrent.InfoHash.ShouldBe(built.InfoHash);
        return torrent.ToBytes();
    }
}
