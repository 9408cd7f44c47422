using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Numerics;
using System.Security.Cryptography;
using EventArchive.Model;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>
/// Message stream encryption as whoever calls begins it, in the manner of status-go's client: padding of any length, no first message inside the
/// handshake, and the choice of the cipher left to the other side.
/// </summary>
public static class Obfuscation
{
    private const int KeyBytes = 96;
    private const int MaxPadding = 512;

    private static readonly BigInteger Prime = BigInteger.Parse(
        "0FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C2"
            + "45E485B576625E7EC6F44C42E9A63A36210000000000090563",
        NumberStyles.HexNumber,
        CultureInfo.InvariantCulture
    );

    /// <returns>The connection in the cipher that was chosen, and which that is.</returns>
    public static async Task<(PeerWire Wire, Ciphers Chosen)> Begin(
        NetworkStream stream,
        InfoHash infoHash,
        Ciphers offered,
        CancellationToken cancellation
    )
    {
        var mine = new BigInteger(RandomNumberGenerator.GetBytes(20), isUnsigned: true);
        var padding = RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(MaxPadding + 1));
        await stream.WriteAsync((byte[])[.. ToBytes(BigInteger.ModPow(2, mine, Prime)), .. padding], cancellation);
        var theirs = await Read(stream, KeyBytes, cancellation);
        var secret = ToBytes(BigInteger.ModPow(new BigInteger(theirs, isUnsigned: true, isBigEndian: true), mine, Prime));
        var torrent = infoHash.ToBytes();
        var (sending, receiving) = (new Rc4(Hash("keyA"u8, secret, torrent)), new Rc4(Hash("keyB"u8, secret, torrent)));

        // Eight zeros, what is offered, no padding, no first message.
        byte[] offer = [.. new byte[8], 0, 0, 0, (byte)offered, 0, 0, 0, 0];
        sending.Apply(offer);
        var which = Hash("req2"u8, torrent).Zip(Hash("req3"u8, secret), (left, right) => (byte)(left ^ right));
        await stream.WriteAsync((byte[])[.. Hash("req1"u8, secret), .. which, .. offer], cancellation);

        await SkipPadding(stream, receiving, cancellation);
        var answer = await Read(stream, 6, cancellation);
        receiving.Apply(answer);
        var chosen = (Ciphers)BinaryPrimitives.ReadInt32BigEndian(answer);
        receiving.Apply(await Read(stream, BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(4)), cancellation));
        return (chosen == Ciphers.Rc4 ? new PeerWire(stream, sending, receiving) : new PeerWire(stream), chosen);
    }

    /// <summary>Their padding ends where eight encrypted zeros begin.</summary>
    private static async Task SkipPadding(NetworkStream stream, Rc4 receiving, CancellationToken cancellation)
    {
        var zeros = new byte[8];
        receiving.Apply(zeros);
        var last = await Read(stream, zeros.Length, cancellation);
        for (var skipped = 0; !last.AsSpan().SequenceEqual(zeros); skipped++)
        {
            if (skipped > MaxPadding)
                throw new InvalidDataException("The other side did not agree on a key.");
            last = [.. last[1..], .. await Read(stream, 1, cancellation)];
        }
    }

    private static async Task<byte[]> Read(NetworkStream stream, int count, CancellationToken cancellation)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }

    private static byte[] ToBytes(BigInteger number)
    {
        var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[KeyBytes - bytes.Length], .. bytes];
    }

    private static byte[] Hash(ReadOnlySpan<byte> name, params byte[][] parts) =>
        RandomTorrent.Sha1([.. name, .. parts.SelectMany(part => part)]);
}

/// <summary>As bits in the handshake.</summary>
[Flags]
public enum Ciphers
{
    PlainText = 1,
    Rc4 = 2,
}
