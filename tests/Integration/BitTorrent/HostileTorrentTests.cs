using System.Text;
using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>What comes from strangers gives an error with a text, never a crash.</summary>
public sealed class HostileTorrentTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, byte[]> Torrents()
    {
        var piece = new byte[20];
        var good = RandomTorrent.Info(RandomTorrent.PieceBytes, 10, [.. piece, .. piece]);
        return new TheoryData<string, byte[]>
        {
            { "nothing", [] },
            { "no bencode", Encoding.ASCII.GetBytes("not a torrent") },
            { "a bomb of nested lists", Encoding.ASCII.GetBytes(new string('l', 60_000)) },
            { "closed nested lists in info", Encoding.ASCII.GetBytes($"d4:info{new string('l', 40)}{new string('e', 40)}e") },
            { "a list", Encoding.ASCII.GetBytes("le") },
            { "no info", Encoding.ASCII.GetBytes("d3:foo3:bare") },
            { "cut off", RandomTorrent.TorrentFile(good)[..^30] },
            { "too few piece hashes", RandomTorrent.TorrentFile(RandomTorrent.Info(RandomTorrent.PieceBytes, 10, piece)) },
            { "a negative length", RandomTorrent.TorrentFile(RandomTorrent.Info(-1, 10, piece)) },
            { "a length of 2^63", RandomTorrent.TorrentFile(RandomTorrent.Info(long.MaxValue, 10, piece)) },
            { "an empty data", RandomTorrent.TorrentFile(RandomTorrent.Info(0, 10, piece)) },
            {
                "another second file",
                RandomTorrent.TorrentFile(RandomTorrent.Info(RandomTorrent.PieceBytes, 10, [.. piece, .. piece], "passwd"))
            },
            { "a path upwards", RandomTorrent.TorrentFile(RandomTorrent.Info(RandomTorrent.PieceBytes, 10, [.. piece, .. piece], "..")) },
            {
                "one file",
                Encoding.ASCII.GetBytes($"d4:infod6:lengthi10e4:name4:data12:piece lengthi16384e6:pieces20:{new string('x', 20)}ee")
            },
        };
    }

    [Theory]
    [MemberData(nameof(Torrents))]
    public async Task Bytes_that_are_no_archive_torrent_are_refused(string what, byte[] torrentFile)
    {
        await using var engine = await Engine.Start();
        var torrent = RandomTorrent.Make(folder.Path, pieces: 1) with { TorrentFile = torrentFile };

        var seeding = await Should.ThrowAsync<TorrentException>(engine.Seed(torrent, Cancellation), what);
        await Should.ThrowAsync<TorrentException>(engine.Download(torrent, [], new Reports(), Cancellation), what);
        await Should.ThrowAsync<TorrentException>(engine.DownloadIndex(torrent, [], Cancellation), what);

        seeding.Message.ShouldStartWith("This is not an archive torrent: ");
        engine.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Random_changes_to_a_torrent_never_end_the_process()
    {
        await using var engine = await Engine.Start();
        var torrent = RandomTorrent.Make(folder.Path, pieces: 3);
        var random = new Random(20_260_101);
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = torrent.TorrentFile.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                TorrentSession.Inspect(bytes).PieceCount.ShouldBeGreaterThan(0);
            }
            catch (TorrentException) { }
        }
        await engine.Seed(torrent, Cancellation);
    }

    [Fact]
    public async Task A_torrent_file_of_another_torrent_is_refused()
    {
        await using var engine = await Engine.Start();
        var torrent = RandomTorrent.Make(folder.Path, pieces: 2);
        var other = RandomTorrent.Make(folder.Sub("other"), pieces: 3);

        var failure = await Should.ThrowAsync<TorrentException>(
            engine.Seed(torrent with { TorrentFile = other.TorrentFile }, Cancellation)
        );

        failure.Message.ShouldContain(other.InfoHash.ToString());
    }

    [Fact]
    public async Task Metadata_that_nobody_has_times_out_with_advice()
    {
        await using var engine = await Engine.Start(new BitTorrentOptions { MetadataTimeout = TimeSpan.FromSeconds(2) });
        await using var stranger = await Engine.Start();
        var unknown = InfoHash.FromBytes(RandomTorrent.Sha1("unknown"u8));

        var asked = await Should.ThrowAsync<TorrentException>(
            engine.FetchMetadata(Magnetlink.Of(unknown, RandomTorrent.Community, []).WithPeers([stranger.Peer!]), Cancellation)
        );
        var alone = await Should.ThrowAsync<TorrentException>(
            engine.FetchMetadata(Magnetlink.Of(unknown, RandomTorrent.Community, []), Cancellation)
        );

        asked.Message.ShouldContain("within 2 s");
        asked.Message.ShouldContain(stranger.Peer!.ToString());
        alone.Message.ShouldContain("names no peer");
        engine.List().ShouldBeEmpty();
        engine.Session.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_peer_that_sends_garbage_does_not_hinder_the_next_try()
    {
        await using var engine = await Engine.Start(new BitTorrentOptions { MetadataTimeout = TimeSpan.FromSeconds(15) });
        await using var owner = await Engine.Start();
        await using var garbage = await LoopbackTracker.Start();
        var owned = RandomTorrent.Make(folder.Path, pieces: 2);
        await owner.Seed(owned, Cancellation);
        // An HTTP server answers a BitTorrent handshake with bytes that are none.
        var nonsense = new PeerAddress(System.Net.IPAddress.Loopback, garbage.Announce.Port);

        var info = await engine.FetchMetadata(owned.Magnet(nonsense, owner.Peer!), Cancellation);

        InfoHash.FromBytes(RandomTorrent.Sha1(info)).ShouldBe(owned.InfoHash);
    }

    [Fact]
    public async Task A_disk_that_refuses_ends_the_download_with_its_reason()
    {
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start();
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 3);
        await owner.Seed(owned, Cancellation);
        var copy = owned.At(folder.Sub("member"));
        // A file where the folder should be: no user, not even root, can write below it.
        await File.WriteAllTextAsync(Path.Combine(copy.Root, RandomTorrent.Community.ToString()), "in the way", Cancellation);

        var failure = await Should.ThrowAsync<TorrentException>(member.Download(copy, [owner.Peer!], new Reports(), Cancellation));

        failure.Message.ShouldContain("failed on the disk");
        failure.Message.ShouldContain("Not a directory");
    }
}
