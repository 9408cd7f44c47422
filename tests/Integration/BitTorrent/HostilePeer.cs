using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EventArchive.Model;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>A peer of our own that speaks the peer protocol (BEP 3, 6, 9, 10) just well enough to lie in it. It listens on loopback.</summary>
public sealed class HostilePeer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly InfoHash infoHash;
    private readonly Task serving;
    private int requests;

    private HostilePeer(InfoHash infoHash, Func<PeerWire, Task> behave)
    {
        this.infoHash = infoHash;
        listener.Start();
        Peer = new PeerAddress(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port);
        serving = Serve(behave);
    }

    public PeerAddress Peer { get; }

    /// <summary>What it was asked for: blocks, or parts of the metadata.</summary>
    public int Requests => Volatile.Read(ref requests);

    /// <summary>Says that it has everything, and answers each request with bytes that are not the torrent's.</summary>
    public static HostilePeer WithBadPieces(InfoHash infoHash)
    {
        HostilePeer? peer = null;
        return peer = new HostilePeer(infoHash, wire => peer!.SendBadPieces(wire));
    }

    /// <summary>Says that the metadata has this many bytes, and sends noise for each part of it.</summary>
    public static HostilePeer WithMetadata(InfoHash infoHash, long claimedBytes)
    {
        HostilePeer? peer = null;
        return peer = new HostilePeer(infoHash, wire => peer!.SendBadMetadata(wire, claimedBytes));
    }

    /// <summary>Says that it has metadata of this many bytes, and never sends any.</summary>
    public static HostilePeer WithPromisedMetadata(InfoHash infoHash, long claimedBytes)
    {
        HostilePeer? peer = null;
        return peer = new HostilePeer(infoHash, wire => peer!.SendBadMetadata(wire, claimedBytes, answers: false));
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await serving;
        ending.Dispose();
    }

    private async Task Serve(Func<PeerWire, Task> behave)
    {
        List<Task> talks = [];
        try
        {
            while (true)
                talks.Add(Talk(await listener.AcceptTcpClientAsync(ending.Token), behave));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException) { }
        await Task.WhenAll(talks);
    }

    private async Task Talk(TcpClient client, Func<PeerWire, Task> behave)
    {
        using (client)
        {
            try
            {
                var wire = new PeerWire(client.GetStream());
                var greeting = await wire.Read(PeerWire.HandshakeBytes, ending.Token);
                // An encrypted greeting is not understood: the other side then comes again in plain text.
                if (!greeting.AsSpan().StartsWith(PeerWire.Handshake(infoHash).AsSpan(0, 20)))
                    return;
                await wire.Write(PeerWire.Handshake(infoHash), ending.Token);
                await behave(wire);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException) { }
        }
    }

    private async Task SendBadPieces(PeerWire wire)
    {
        await wire.Send(PeerWire.HaveAll, [], ending.Token);
        await wire.Send(PeerWire.Unchoke, [], ending.Token);
        while (true)
        {
            var (kind, body) = await wire.Receive(ending.Token);
            if (kind != PeerWire.Request)
                continue;
            Interlocked.Increment(ref requests);
            var noise = new byte[BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(8))];
            new Random(1).NextBytes(noise);
            await wire.Send(PeerWire.Piece, [.. body.AsSpan(0, 8), .. noise], ending.Token);
        }
    }

    private async Task SendBadMetadata(PeerWire wire, long claimedBytes, bool answers = true)
    {
        const byte handshake = 0;
        const byte metadata = 3;
        await wire.Send(
            PeerWire.Extended,
            [handshake, .. Encoding.ASCII.GetBytes($"d1:md11:ut_metadatai{metadata}ee13:metadata_sizei{claimedBytes}ee")],
            ending.Token
        );
        byte theirs = 0;
        while (true)
        {
            var (kind, body) = await wire.Receive(ending.Token);
            if (kind != PeerWire.Extended)
                continue;
            var text = Encoding.Latin1.GetString(body, 1, body.Length - 1);
            if (body[0] == handshake)
                theirs = (byte)PeerWire.NumberAfter(text, "11:ut_metadatai");
            if (body[0] != metadata || PeerWire.NumberAfter(text, "8:msg_typei") != 0)
                continue;
            Interlocked.Increment(ref requests);
            if (!answers)
                continue;
            var answer = Encoding.ASCII.GetBytes(
                $"d8:msg_typei1e5:piecei{PeerWire.NumberAfter(text, "5:piecei")}e10:total_sizei{claimedBytes}ee"
            );
            await wire.Send(PeerWire.Extended, [theirs, .. answer, .. new byte[Math.Clamp(claimedBytes, 0, 16_384)]], ending.Token);
        }
    }
}
