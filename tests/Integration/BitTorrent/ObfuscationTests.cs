using System.Net.Sockets;
using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>status-go's client prefers an obfuscated handshake and falls back to plain text; others insist on one of them. Both ways all of it is understood.</summary>
public sealed class ObfuscationTests : IAsyncLifetime
{
    private const int Pieces = 150;

    private readonly TempFolder folder = new();
    private LibtorrentEngine engine = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => engine = await Engine.Start();

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData(Ciphers.PlainText | Ciphers.Rc4, Ciphers.PlainText)]
    [InlineData(Ciphers.Rc4, Ciphers.Rc4)]
    [InlineData(null, null)]
    public async Task A_peer_that_asks_for_everything_at_once_gets_it_whatever_the_handshake(Ciphers? offered, Ciphers? expected)
    {
        var owned = RandomTorrent.Make(folder.Sub("owner"), Pieces);
        await engine.Seed(owned, Cancellation);
        using var client = await Connect();
        var (wire, chosen) = offered is { } ciphers
            ? await Obfuscation.Begin(client.GetStream(), owned.InfoHash, ciphers, Cancellation)
            : (new PeerWire(client.GetStream()), (Ciphers?)null);
        chosen.ShouldBe(expected);

        var peer = await EagerPeer.Join(wire, owned.InfoHash, Cancellation);
        var content = await peer.Fetch((Pieces * RandomTorrent.PieceBytes) + 5_000, RandomTorrent.PieceBytes);

        content.AsSpan().SequenceEqual([.. owned.Data(), .. owned.Index()]).ShouldBeTrue();
    }

    [Fact]
    public async Task Metadata_of_several_parts_is_given_to_whoever_asks_for_all_of_them_at_once()
    {
        const int pieces = 2_000;
        var owned = Sparse(folder.Sub("owner"), pieces);
        await engine.Seed(owned, Cancellation);
        using var client = await Connect();

        var peer = await EagerPeer.Join(new PeerWire(client.GetStream()), owned.InfoHash, Cancellation);

        peer.Info.Length.ShouldBeGreaterThan(pieces * 20, "three parts");
    }

    [Theory]
    [InlineData(Policy.Forced, Ciphers.Rc4)]
    [InlineData(Policy.Forced, Ciphers.PlainText)]
    [InlineData(Policy.Refused, Ciphers.PlainText)]
    public async Task A_program_that_insists_on_one_handshake_fetches_from_us_and_we_from_it(Policy policy, Ciphers level)
    {
        var settings =
            $$"""{"in_enc_policy": {{(int)policy}}, "out_enc_policy": {{(int)policy}}, "allowed_enc_level": {{(int)level}}, "prefer_rc4": true}""";
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 25);
        await engine.Seed(owned, Cancellation);
        var (place, port) = (folder.Sub("python"), FreePort.Next());

        await using var python = ForeignClients.PythonLibtorrent(place, port, owned.Magnet(engine.Peer!).ToString(), settings: settings);
        await Eventually.Is(() => python.Output.Contains("complete", StringComparison.Ordinal), "it has everything from us", seconds: 90);
        await Eventually.Is(() => owned.IsCopied(place), "python3-libtorrent has both files");

        await using var member = await Engine.Start();
        var magnet = owned.Magnet(ForeignClients.Peer(port));
        var info = await member.FetchMetadata(magnet, Cancellation);
        var copy = owned.At(folder.Sub("member")) with { TorrentFile = RandomTorrent.TorrentFile(info) };
        await member.DownloadIndex(copy, magnet.Peers, Cancellation);
        await member.Download(copy, magnet.Peers, new Reports(), Cancellation);
        copy.Data().ShouldBe(owned.Data());
    }

    /// <summary>As libtorrent numbers them.</summary>
    public enum Policy
    {
        Forced = 0,
        Refused = 2,
    }

    private async Task<TcpClient> Connect()
    {
        var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(engine.Peer!.Address, engine.Peer.Port, Cancellation);
        return client;
    }

    /// <summary>Many pieces that take no space: all zeros.</summary>
    private static TorrentContent Sparse(string root, int pieces)
    {
        var one = RandomTorrent.Sha1(new byte[RandomTorrent.PieceBytes]);
        byte[] hashes = [.. Enumerable.Repeat(one, pieces).SelectMany(hash => hash), .. RandomTorrent.Sha1(new byte[10])];
        var info = RandomTorrent.Info((long)pieces * RandomTorrent.PieceBytes, 10, hashes);
        var infoHash = InfoHash.FromBytes(RandomTorrent.Sha1(info));
        var torrent = RandomTorrent.Make(root, pieces: 1) with
        {
            InfoHash = infoHash,
            TorrentFile = RandomTorrent.TorrentFile(info),
            IndexFile = $"{RandomTorrent.Community}/index.{infoHash}",
        };
        using (var data = File.Create(Path.Combine(root, torrent.DataFile)))
            data.SetLength((long)pieces * RandomTorrent.PieceBytes);
        File.WriteAllBytes(Path.Combine(root, torrent.IndexFile), new byte[10]);
        return torrent;
    }
}
