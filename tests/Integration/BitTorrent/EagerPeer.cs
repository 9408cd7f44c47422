using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using EventArchive.Model;
using Shouldly;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>
/// A downloader of our own that asks as status-go's client (anacrolix/torrent) does: fast extension, all parts of the metadata at once, then every
/// block of every piece at once, in no order.
/// </summary>
public sealed class EagerPeer(PeerWire wire, InfoHash infoHash, CancellationToken cancellation)
{
    private const int BlockBytes = 16_384;
    private const byte Metadata = 1;

    /// <summary>Where it says that it listens. Of two peers with one address and port libtorrent takes the second for the first and sends it away.</summary>
    private static int lastPort = 20_000;

    /// <summary>How many requests the other side takes, as it says.</summary>
    public int MaxRequests { get; private set; }

    /// <summary>The info dictionary.</summary>
    public byte[] Info { get; private set; } = [];

    public static async Task<EagerPeer> Join(PeerWire wire, InfoHash infoHash, CancellationToken cancellation)
    {
        var peer = new EagerPeer(wire, infoHash, cancellation);
        await wire.Write(PeerWire.Handshake(infoHash), cancellation);
        var hello = $"d1:ei1e1:md11:ut_metadatai1e6:ut_pexi2ee1:pi{Interlocked.Increment(ref lastPort)}e4:reqqi1024e1:v8:go.linkse";
        await wire.Send(PeerWire.Extended, [0, .. Encoding.ASCII.GetBytes(hello)], cancellation);
        await wire.Send(PeerWire.HaveNone, [], cancellation);
        await wire.Send(PeerWire.Port, [0x23, 0x41], cancellation);
        var greeting = await wire.Read(PeerWire.HandshakeBytes, cancellation);
        greeting.AsSpan(0, 20).SequenceEqual(PeerWire.Handshake(infoHash).AsSpan(0, 20)).ShouldBeTrue();
        (greeting[25] & 0x10).ShouldBe(0x10, "the extension protocol");
        (greeting[27] & 0x04).ShouldBe(0x04, "the fast extension");
        await peer.FetchInfo();
        return peer;
    }

    /// <summary>All bytes of the torrent, its files one behind the other.</summary>
    public async Task<byte[]> Fetch(int totalBytes, int pieceBytes)
    {
        await wire.Send(PeerWire.Interested, [], cancellation);
        await Until(PeerWire.Unchoke);
        var wanted = Blocks(totalBytes, pieceBytes);
        wanted.Length.ShouldBeLessThanOrEqualTo(MaxRequests);
        var asking = Ask(wanted);
        var (content, left) = (new byte[totalBytes], wanted.ToHashSet());
        while (left.Count > 0)
        {
            var body = await Until(PeerWire.Piece);
            var (piece, begin) = (BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(4)));
            left.Remove((piece, begin, body.Length - 8)).ShouldBeTrue("each block once, as it was asked for");
            body.AsSpan(8).CopyTo(content.AsSpan((piece * pieceBytes) + begin));
        }
        await asking;
        return content;
    }

    /// <summary>As <see cref="Fetch"/>, and then reads nothing.</summary>
    public async Task AskForAll(int totalBytes, int pieceBytes)
    {
        await wire.Send(PeerWire.Interested, [], cancellation);
        await Until(PeerWire.Unchoke);
        await Ask(Blocks(totalBytes, pieceBytes));
    }

    private static (int Piece, int Begin, int Length)[] Blocks(int totalBytes, int pieceBytes)
    {
        List<(int Piece, int Begin, int Length)> blocks = [];
        for (var piece = 0; piece * pieceBytes < totalBytes; piece++)
        {
            var end = Math.Min(pieceBytes, totalBytes - (piece * pieceBytes));
            for (var begin = 0; begin < end; begin += BlockBytes)
                blocks.Add((piece, begin, Math.Min(BlockBytes, end - begin)));
        }
        var mixed = blocks.ToArray();
        new Random(1).Shuffle(mixed);
        return mixed;
    }

    private async Task Ask((int Piece, int Begin, int Length)[] blocks)
    {
        foreach (var (piece, begin, length) in blocks)
        {
            var body = new byte[12];
            BinaryPrimitives.WriteInt32BigEndian(body, piece);
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(4), begin);
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(8), length);
            await wire.Send(PeerWire.Request, body, cancellation);
        }
    }

    private async Task FetchInfo()
    {
        var hello = Encoding.Latin1.GetString(await Until(PeerWire.Extended));
        hello[0].ShouldBe('\0', "the first of the extended messages is the handshake");
        MaxRequests = PeerWire.NumberAfter(hello, "4:reqqi");
        var (theirs, size) = (PeerWire.NumberAfter(hello, "11:ut_metadatai"), PeerWire.NumberAfter(hello, "13:metadata_sizei"));
        var parts = (size + BlockBytes - 1) / BlockBytes;
        for (var part = 0; part < parts; part++)
            await wire.Send(PeerWire.Extended, [(byte)theirs, .. Encoding.ASCII.GetBytes($"d8:msg_typei0e5:piecei{part}ee")], cancellation);
        var info = new byte[size];
        for (var got = 0; got < parts; )
        {
            var body = await Until(PeerWire.Extended);
            if (body[0] != Metadata)
                continue;
            var text = Encoding.Latin1.GetString(body);
            PeerWire.NumberAfter(text, "8:msg_typei").ShouldBe(1, "it is data, no refusal");
            var begin = PeerWire.NumberAfter(text, "5:piecei") * BlockBytes;
            body.AsSpan(body.Length - Math.Min(BlockBytes, size - begin)).CopyTo(info.AsSpan(begin));
            got++;
        }
        InfoHash.FromBytes(RandomTorrent.Sha1(info)).ShouldBe(infoHash);
        Info = info;
    }

    /// <summary>The next message of a kind. Nothing that was asked for may be refused.</summary>
    private async Task<byte[]> Until(byte wanted)
    {
        while (true)
        {
            var (kind, body) = await wire.Receive(cancellation);
            kind.ShouldNotBe(PeerWire.Reject);
            if (kind == wanted)
                return body;
        }
    }
}
