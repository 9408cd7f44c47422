using System.Buffers.Binary;
using System.Net.Sockets;
using EventArchive.Model;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>Messages of the peer protocol (BEP 3, 6, 10) over a connection, in plain text or RC4.</summary>
public sealed class PeerWire(NetworkStream stream, Rc4? sending = null, Rc4? receiving = null)
{
    public const int HandshakeBytes = 68;
    public const byte Unchoke = 1;
    public const byte Interested = 2;
    public const byte Request = 6;
    public const byte Piece = 7;
    public const byte Port = 9;
    public const byte HaveAll = 14;
    public const byte HaveNone = 15;
    public const byte Reject = 16;
    public const byte Extended = 20;

    /// <summary>The 68 bytes that open a connection, with the bits for the DHT, the fast and the extension protocol.</summary>
    public static byte[] Handshake(InfoHash infoHash)
    {
        byte[] reserved = [0, 0, 0, 0, 0, 0x10, 0, 0x05];
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

    public Task Send(byte kind, byte[] body, CancellationToken cancellation)
    {
        var message = new byte[5 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, 1 + body.Length);
        message[4] = kind;
        body.CopyTo(message, 5);
        return Write(message, cancellation);
    }

    /// <summary>The next message that is no keep-alive.</summary>
    public async Task<(byte Kind, byte[] Body)> Receive(CancellationToken cancellation)
    {
        while (true)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(await Read(4, cancellation));
            if (length == 0)
                continue;
            var message = await Read(length, cancellation);
            return (message[0], message[1..]);
        }
    }

    public async Task Write(byte[] bytes, CancellationToken cancellation)
    {
        sending?.Apply(bytes);
        await stream.WriteAsync(bytes, cancellation);
    }

    public async Task<byte[]> Read(int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, cancellation);
        receiving?.Apply(bytes);
        return bytes;
    }

    /// <summary>The digits behind a key of a bencoded dictionary; -1: it is not there.</summary>
    public static int NumberAfter(string text, string key)
    {
        var at = text.IndexOf(key, StringComparison.Ordinal);
        var digits = at < 0 ? "" : string.Concat(text[(at + key.Length)..].TakeWhile(char.IsAsciiDigit));
        return digits.Length == 0 ? -1 : int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
    }
}
