using System.Net.Sockets;
using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>Peers that lie, stall or crowd. Caps and time-outs hold, and whoever means well is served meanwhile.</summary>
public sealed class HostilePeerTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly List<TcpClient> crowd = [];
    private LibtorrentEngine owner = null!;
    private TorrentContent owned = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        owner = await Engine.Start();
        owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 20);
        await owner.Seed(owned, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        crowd.ForEach(client => client.Dispose());
        await owner.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Bad_pieces_beside_good_ones_cost_their_sender_the_connection_and_the_honest_peer_completes_the_same_try()
    {
        await using var liar = HostilePeer.WithBadPieces(owned.InfoHash);
        await using var member = await Engine.Start();
        var copy = owned.At(folder.Sub("member"));

        // The honest one pauses until the other was asked too.
        await using var relay = new Relay(owner.Peer!, letThrough: 2 * RandomTorrent.PieceBytes);
        var download = member.Download(copy, [liar.Peer, relay.Peer], new Reports(), Cancellation);
        await Eventually.Is(() => liar.Requests > 0, "the liar is asked");
        relay.Open();
        await download;

        copy.Data().ShouldBe(owned.Data());
        copy.Index().ShouldBe(owned.Index());
    }

    [Fact]
    public async Task Peers_that_were_all_sent_away_are_asked_one_by_one_so_that_the_honest_one_is_found()
    {
        // Each of the liars gives blocks of the pieces that the honest one, which is slower to come, gives others of.
        await using var first = HostilePeer.WithBadPieces(owned.InfoHash);
        await using var second = HostilePeer.WithBadPieces(owned.InfoHash);
        await using var relay = new Relay(owner.Peer!, letThrough: 0);
        await using var member = await Engine.Start();
        var copy = owned.At(folder.Sub("member"));
        var download = member.Download(copy, [first.Peer, second.Peer, relay.Peer], new Reports(), Cancellation);
        await Eventually.Is(() => first.Requests > 0 && second.Requests > 0 && relay.Connections > 0, "all are asked");
        relay.Open();

        await download;

        copy.Data().ShouldBe(owned.Data());
    }

    [Fact]
    public async Task A_peer_with_nothing_but_bad_pieces_is_banned_and_the_download_stalls_with_nothing_done()
    {
        await using var liar = HostilePeer.WithBadPieces(owned.InfoHash);
        await using var member = await Engine.Start(new BitTorrentOptions { StallTimeout = TimeSpan.FromSeconds(10) });
        var copy = owned.At(folder.Sub("member"));

        var failure = await Should.ThrowAsync<TorrentException>(member.Download(copy, [liar.Peer], new Reports(), Cancellation));

        failure.Message.ShouldContain("Nothing of torrent");
        failure.Message.ShouldContain(": 0 of ");
        var asked = liar.Requests;
        asked.ShouldBeInRange(1, 40 * 7, "a ban ends it, long before every piece was tried again and again");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(BitTorrentOptions.MaxMetadata + 1)]
    [InlineData(int.MaxValue)]
    [InlineData(long.MaxValue)]
    public async Task Metadata_that_lies_about_its_size_is_not_taken_and_does_not_hinder_the_honest_peer(long claimed)
    {
        await using var liar = HostilePeer.WithMetadata(owned.InfoHash, claimed);
        await using var member = await Engine.Start();
        var before = Environment.WorkingSet;

        var info = await member.FetchMetadata(owned.Magnet(liar.Peer, owner.Peer!), Cancellation);

        InfoHash.FromBytes(RandomTorrent.Sha1(info)).ShouldBe(owned.InfoHash);
        (Environment.WorkingSet - before).ShouldBeLessThan(200_000_000, "what a peer claims is not allocated");
        await using var alone = await Engine.Start(new BitTorrentOptions { MetadataTimeout = TimeSpan.FromSeconds(1) });
        await Should.ThrowAsync<TorrentException>(alone.FetchMetadata(owned.Magnet(liar.Peer), Cancellation));
    }

    [Fact]
    public async Task Metadata_that_is_promised_and_never_sent_is_asked_of_the_honest_peer_alone()
    {
        await using var liar = HostilePeer.WithPromisedMetadata(owned.InfoHash, claimedBytes: 40_000);
        await using var relay = new Relay(owner.Peer!, letThrough: 0);
        await using var member = await Engine.Start(new BitTorrentOptions { MetadataTimeout = TimeSpan.FromSeconds(20) });

        var fetching = member.FetchMetadata(owned.Magnet(liar.Peer, relay.Peer), Cancellation);
        await Eventually.Is(() => liar.Requests > 0, "the liar is believed");
        relay.Open();

        InfoHash.FromBytes(RandomTorrent.Sha1(await fetching)).ShouldBe(owned.InfoHash);
    }

    [Fact]
    public async Task A_slow_handshake_is_cut_off_and_hinders_nobody()
    {
        var half = PeerWire.Handshake(owned.InfoHash).AsMemory(0, 30);
        for (var i = 0; i < 50; i++)
            await (await Join()).GetStream().WriteAsync(half, Cancellation);

        await ShouldServe(owned);

        await Eventually.Is(() => crowd.TrueForAll(IsClosed), "each slow one is cut off");
    }

    [Fact]
    public async Task A_handshake_that_comes_byte_by_byte_is_cut_off_before_it_is_whole()
    {
        var stream = (await Join()).GetStream();
        var sent = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        try
        {
            foreach (var one in PeerWire.Handshake(owned.InfoHash))
            {
                await stream.WriteAsync(new[] { one }, Cancellation);
                sent++;
                await timer.WaitForNextTickAsync(Cancellation);
            }
        }
        catch (IOException)
        {
            // It was cut off.
        }

        sent.ShouldBeLessThan(PeerWire.HandshakeBytes);
        await ShouldServe(owned);
    }

    [Fact]
    public async Task A_flood_of_handshakes_that_does_not_end_keeps_nobody_from_fetching_another_torrent()
    {
        var other = await SeedAnother(pieces: 200);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var handshake = PeerWire.Handshake(owned.InfoHash);
        var count = 0;
        var flood = Enumerable.Range(0, 4).Select(_ => Task.Run(Flood, Cancellation)).ToList();
        await Eventually.Is(() => Volatile.Read(ref count) > 1_000, "the flood has begun");

        await ShouldServe(other);

        Peers(owned).ShouldBeLessThanOrEqualTo(new BitTorrentOptions().MaxTorrentConnections);
        await over.CancelAsync();
        await Task.WhenAll(flood);

        // More are open than the session takes in all, if nothing keeps them off.
        async Task Flood()
        {
            var open = new Queue<TcpClient>();
            while (!over.IsCancellationRequested)
            {
                if (open.Count > 200)
                    open.Dequeue().Dispose();
                var client = new TcpClient(AddressFamily.InterNetwork) { LingerState = new LingerOption(true, 0) };
                open.Enqueue(client);
                try
                {
                    await client.ConnectAsync(owner.Peer!.Address, owner.Peer.Port, over.Token);
                    await client.GetStream().WriteAsync(handshake, over.Token);
                    Interlocked.Increment(ref count);
                }
                catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
                {
                    // It was cut off while it spoke, or the flood is over.
                }
            }
            while (open.TryDequeue(out var client))
                client.Dispose();
        }
    }

    [Fact]
    public async Task Peers_that_ask_for_everything_and_never_read_cost_little_memory()
    {
        const int askers = 40;
        var other = await SeedAnother(pieces: 200);
        var before = Environment.WorkingSet;
        for (var asker = 0; asker < askers; asker++)
        {
            var peer = await EagerPeer.Join(new PeerWire((await Join()).GetStream()), other.InfoHash, Cancellation);
            await peer.AskForAll((200 * RandomTorrent.PieceBytes) + 5_000, RandomTorrent.PieceBytes);
        }

        await ShouldServe(owned);

        // All of them together were promised 819 MB.
        (Environment.WorkingSet - before).ShouldBeLessThan(200_000_000);
    }

    [Fact]
    public async Task A_handshake_for_a_torrent_that_is_not_seeded_is_cut_off()
    {
        var unknown = InfoHash.FromBytes(RandomTorrent.Sha1("unknown"u8));
        await (await Join()).GetStream().WriteAsync(PeerWire.Handshake(unknown), Cancellation);

        await Eventually.Is(() => crowd.TrueForAll(IsClosed), "it is cut off");

        await ShouldServe(owned);
    }

    [Fact]
    public async Task A_thousand_connections_to_one_torrent_get_their_share_and_another_torrent_is_served()
    {
        var other = await SeedAnother(pieces: 25);
        for (var i = 0; i < 1_000; i++)
        {
            try
            {
                await (await Join()).GetStream().WriteAsync(PeerWire.Handshake(owned.InfoHash), Cancellation);
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // It was cut off while it spoke.
            }
        }

        var limit = new BitTorrentOptions().MaxTorrentConnections;
        await Eventually.Is(() => crowd.Count(client => !IsClosed(client)) <= limit, "the rest is turned away");
        Peers(owned).ShouldBeLessThanOrEqualTo(limit);
        await ShouldServe(other);
    }

    /// <summary>Of another community, beside the first.</summary>
    private async Task<TorrentContent> SeedAnother(int pieces)
    {
        var community = CommunityId.Parse("0x03" + string.Concat(Enumerable.Repeat("cd", 32)));
        var other = RandomTorrent.Make(folder.Sub("other"), pieces) with { CommunityId = community };
        await owner.Seed(other, Cancellation);
        return other;
    }

    private int Peers(TorrentContent torrent) => owner.List().Single(status => status.InfoHash == torrent.InfoHash).Peers;

    private async Task ShouldServe(TorrentContent torrent)
    {
        await using var member = await Engine.Start();
        var copy = torrent.At(folder.Sub("honest"));
        await member.Download(copy, [owner.Peer!], new Reports(), Cancellation);
        copy.Data().ShouldBe(torrent.Data());
    }

    private async Task<TcpClient> Join()
    {
        var client = new TcpClient(AddressFamily.InterNetwork);
        crowd.Add(client);
        await client.ConnectAsync(owner.Peer!.Address, owner.Peer.Port, Cancellation);
        return client;
    }

    /// <summary>Reads away what arrived; a closed connection then gives nothing, or an error.</summary>
    private static bool IsClosed(TcpClient client)
    {
        try
        {
            if (client.Client is not { } socket)
                return true;
            var buffer = new byte[4096];
            while (socket.Poll(0, SelectMode.SelectRead))
                if (socket.Receive(buffer) == 0)
                    return true;
            return false;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }
}
