using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EventArchive.Model;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>A peer of our own that speaks the peer protocol (BEP 3, 6, 9, 10) just well enough to lie in it. It listens on loopback.</summary>
public sealed class HostilePeer : IAsyncDisposable
{
    private const int HandshakeBytes = 68;
    private const byte Unchoke = 1;
    private const byte Request = 6;
    private const byte Piece = 7;
    private const byte HaveAll = 14;
    private const byte Extended = 20;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly InfoHash infoHash;
    private readonly Task serving;
    private int requests;

    private HostilePeer(InfoHash infoHash, Func<NetworkStream, Task> behave)
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
        return peer = new HostilePeer(infoHash, stream => peer!.SendBadPieces(stream));
    }

    /// <summary>Says that the metadata has this many bytes, and sends noise for each part of it.</summary>
    public static HostilePeer WithMetadata(InfoHash infoHash, long claimedBytes)
    {
        HostilePeer? peer = null;
        return peer = new HostilePeer(infoHash, stream => peer!.SendBadMetadata(stream, claimedBytes));
    }

    /// <summary>Says that it has metadata of this many bytes, and never sends any.</summary>
    public static HostilePeer WithPromisedMetadata(InfoHash infoHash, long claimedBytes)
    {
        HostilePeer? peer = null;
        return peer = new HostilePeer(infoHash, stream => peer!.SendBadMetadata(stream, claimedBytes, answers: false));
    }

    /// <summary>The 68 bytes that open a connection, with the bits for the fast and the extension protocol.</summary>
    public static byte[] Handshake(InfoHash infoHash)
    {
        byte[] reserved = [0, 0, 0, 0, 0, 0x10, 0, 0x04];
        return
        [
            19,
            .. "BitTorrent protocol"u8,
            .. reserved,
            .. infoHash.ToBytes(),
            .. "-XX0000-"u8,
            .. Guid.NewGuid().ToByteArray().AsSpan(0, 12),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await serving;
        ending.Dispose();
    }

    private async Task Serve(Func<NetworkStream, Task> behave)
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

    private async Task Talk(TcpClient client, Func<NetworkStream, Task> behave)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var greeting = new byte[HandshakeBytes];
                await stream.ReadExactlyAsync(greeting, ending.Token);
                // An encrypted greeting is not understood: the other side then comes again in plain text.
                if (!greeting.AsSpan().StartsWith(Handshake(infoHash).AsSpan(0, 20)))
                    return;
                await stream.WriteAsync(Handshake(infoHash), ending.Token);
                await behave(stream);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException) { }
        }
    }

    private async Task SendBadPieces(NetworkStream stream)
    {
        await Send(stream, HaveAll, []);
        await Send(stream, Unchoke, []);
        while (true)
        {
            var (kind, body) = await Receive(stream);
            if (kind != Request)
                continue;
            Interlocked.Increment(ref requests);
            var noise = new byte[BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(8))];
            new Random(1).NextBytes(noise);
            await Send(stream, Piece, [.. body.AsSpan(0, 8), .. noise]);
        }
    }

    private async Task SendBadMetadata(NetworkStream stream, long claimedBytes, bool answers = true)
    {
        const byte handshake = 0;
        const byte metadata = 3;
        await Send(
            stream,
            Extended,
            [handshake, .. Encoding.ASCII.GetBytes($"d1:md11:ut_metadatai{metadata}ee13:metadata_sizei{claimedBytes}ee")]
        );
        byte theirs = 0;
        while (true)
        {
            var (kind, body) = await Receive(stream);
            if (kind != Extended)
                continue;
            var text = Encoding.Latin1.GetString(body, 1, body.Length - 1);
            if (body[0] == handshake)
                theirs = (byte)NumberAfter(text, "11:ut_metadatai");
            if (body[0] != metadata || NumberAfter(text, "8:msg_typei") != 0)
                continue;
            Interlocked.Increment(ref requests);
            if (!answers)
                continue;
            var answer = Encoding.ASCII.GetBytes($"d8:msg_typei1e5:piecei{NumberAfter(text, "5:piecei")}e10:total_sizei{claimedBytes}ee");
            await Send(stream, Extended, [theirs, .. answer, .. new byte[Math.Clamp(claimedBytes, 0, 16_384)]]);
        }
    }

    private static int NumberAfter(string text, string key)
    {
        var at = text.IndexOf(key, StringComparison.Ordinal);
        var digits = at < 0 ? "" : string.Concat(text[(at + key.Length)..].TakeWhile(char.IsAsciiDigit));
        return digits.Length == 0 ? -1 : int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task Send(NetworkStream stream, byte kind, byte[] body)
    {
        var message = new byte[5 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, 1 + body.Length);
        message[4] = kind;
        body.CopyTo(message, 5);
        await stream.WriteAsync(message, ending.Token);
    }

    /// <summary>The next message that is no keep-alive.</summary>
    private async Task<(byte Kind, byte[] Body)> Receive(NetworkStream stream)
    {
        var head = new byte[4];
        while (true)
        {
            await stream.ReadExactlyAsync(head, ending.Token);
            var length = BinaryPrimitives.ReadInt32BigEndian(head);
            if (length == 0)
                continue;
            var message = new byte[length];
            await stream.ReadExactlyAsync(message, ending.Token);
            return (message[0], message[1..]);
        }
    }
}
