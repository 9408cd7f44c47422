using System.Security.Cryptography;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>
/// Waku payload version 1, symmetric (26/WAKU2-PAYLOAD): flags | length | data | padding | signature, sealed with AES-256-GCM as
/// ciphertext | tag | nonce.
/// </summary>
/// <param name="Data">What the sender wanted to say.</param>
/// <param name="Padding">Random bytes that round the length up.</param>
/// <param name="Sender">Recovered from the signature: 65 bytes uncompressed; null when the payload is not signed.</param>
internal sealed record WakuPayload(byte[] Data, byte[] Padding, byte[]? Sender)
{
    public const int SymmetricKeyBytes = 32;
    public const int NonceBytes = 12;
    public const int TagBytes = 16;
    public const int MaxDataBytes = 0xFFFFFF;

    private const int PaddingStep = 256;
    private const int LengthBytesMask = 0x03;
    private const int SignedFlag = 0x04;
    private const int SignatureBytes = Secp256k1.SignatureBytes;

    /// <param name="senderPrivateKey">Empty: not signed, which status-go drops.</param>
    public static byte[] Seal(
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> senderPrivateKey,
        ReadOnlySpan<byte> symmetricKey,
        FillRandom random
    ) => Encrypt(Plain(data, senderPrivateKey, random), symmetricKey, random);

    public static byte[] Plain(ReadOnlySpan<byte> data, ReadOnlySpan<byte> senderPrivateKey, FillRandom random)
    {
        if (data.Length > MaxDataBytes)
            throw new FormatException($"A Waku payload holds at most {MaxDataBytes} bytes, not {data.Length}.");
        var lengthBytes = data.Length switch
        {
            <= 0xFF => 1,
            <= 0xFFFF => 2,
            _ => 3,
        };
        var signatureBytes = senderPrivateKey.IsEmpty ? 0 : SignatureBytes;
        var used = 1 + lengthBytes + data.Length + signatureBytes;
        var plain = new byte[used + PaddingStep - (used % PaddingStep)];
        plain[0] = (byte)(lengthBytes | (signatureBytes > 0 ? SignedFlag : 0));
        for (var at = 0; at < lengthBytes; at++)
            plain[1 + at] = (byte)(data.Length >> (8 * at));
        data.CopyTo(plain.AsSpan(1 + lengthBytes));
        random(plain.AsSpan((1 + lengthBytes + data.Length)..^signatureBytes));
        if (signatureBytes > 0)
            Secp256k1.Sign(Keccak256.Hash(plain.AsSpan(..^SignatureBytes)), senderPrivateKey).CopyTo(plain.AsSpan(^SignatureBytes..));
        return plain;
    }

    public static byte[] Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> symmetricKey, FillRandom random)
    {
        var sealedBytes = new byte[plain.Length + TagBytes + NonceBytes];
        var nonce = sealedBytes.AsSpan(^NonceBytes..);
        random(nonce);
        using var aes = new AesGcm(symmetricKey, TagBytes);
        aes.Encrypt(nonce, plain, sealedBytes.AsSpan(0, plain.Length), sealedBytes.AsSpan(plain.Length, TagBytes));
        return sealedBytes;
    }

    /// <exception cref="FormatException">It was sealed with another key, was altered, or is not such a payload.</exception>
    public static byte[] Decrypt(ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> symmetricKey)
    {
        var plainBytes = sealedBytes.Length - TagBytes - NonceBytes;
        if (plainBytes < 1)
            throw new FormatException($"A Waku payload has more than {TagBytes + NonceBytes} bytes, this one has {sealedBytes.Length}.");
        var plain = new byte[plainBytes];
        using var aes = new AesGcm(symmetricKey, TagBytes);
        try
        {
            aes.Decrypt(sealedBytes[^NonceBytes..], sealedBytes[..plainBytes], sealedBytes.Slice(plainBytes, TagBytes), plain);
        }
        catch (AuthenticationTagMismatchException fault)
        {
            throw new FormatException("The Waku payload does not open with this channel's key: another key, or altered bytes.", fault);
        }
        return plain;
    }

    /// <exception cref="FormatException">A length does not fit, or the signature is not one.</exception>
    public static WakuPayload Read(ReadOnlySpan<byte> plain)
    {
        var lengthBytes = plain.IsEmpty ? 0 : plain[0] & LengthBytesMask;
        if (lengthBytes == 0 || plain.Length < 1 + lengthBytes)
            throw new FormatException("The Waku payload does not say how long its data is.");
        var length = 0;
        for (var at = lengthBytes; at > 0; at--)
            length = (length << 8) | plain[at];
        var signed = (plain[0] & SignedFlag) != 0;
        var rest = plain[(1 + lengthBytes)..];
        var room = rest.Length - (signed ? SignatureBytes : 0);
        if (length > room)
            throw new FormatException($"The Waku payload claims {length} bytes of data and has room for {Math.Max(0, room)}.");
        return new WakuPayload(
            rest[..length].ToArray(),
            rest[length..room].ToArray(),
            signed ? Secp256k1.Recover(Keccak256.Hash(plain[..^SignatureBytes]), plain[^SignatureBytes..]) : null
        );
    }

    /// <summary>Opens a payload that must be signed.</summary>
    /// <exception cref="FormatException">It does not open, is not such a payload, or is not signed; the message says why.</exception>
    public static WakuPayload Open(ReadOnlySpan<byte> sealedBytes, ReadOnlySpan<byte> symmetricKey)
    {
        var payload = Read(Decrypt(sealedBytes, symmetricKey));
        return payload.Sender is null ? throw new FormatException("The Waku payload is not signed.") : payload;
    }
}
