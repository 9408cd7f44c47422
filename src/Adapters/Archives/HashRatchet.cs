using System.Security.Cryptography;
using EventArchive.Model;

namespace EventArchive.Archives;

/// <summary>
/// Encryption with a hash ratchet, as status-go does it: the key of seq_no n is the group's key after n times Keccak-256, and the bytes are
/// AES-256-GCM's, then its tag of 16 bytes, then the nonce of 12.
/// </summary>
internal sealed class HashRatchet(RatchetKey key)
{
    public const int TagBytes = 16;
    public const int NonceBytes = 12;
    public const int AddedBytes = TagBytes + NonceBytes;

    private byte[] present = key.CopySecret();
    private uint at;

    /// <param name="seqNo">From 1. The caller has a limit for it: each step costs a hash.</param>
    /// <param name="bytes">What is encrypted where it is, and <see cref="AddedBytes"/> of room behind it.</param>
    public void Encrypt(uint seqNo, Span<byte> bytes)
    {
        var secret = KeyOf(seqNo);
        var plain = bytes[..^AddedBytes];
        var nonce = bytes[^NonceBytes..];
        Nonce(secret, plain).CopyTo(nonce);
        using var aes = new AesGcm(secret, TagBytes);
        aes.Encrypt(nonce, plain, plain, bytes.Slice(plain.Length, TagBytes));
    }

    /// <exception cref="FormatException">It was not encrypted with this key and number, or changed since.</exception>
    public byte[] Decrypt(uint seqNo, ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length <= AddedBytes)
            throw new FormatException($"{sealedBytes.Length} encrypted bytes hold nothing.");
        var plain = new byte[sealedBytes.Length - AddedBytes];
        using var aes = new AesGcm(KeyOf(seqNo), TagBytes);
        try
        {
            aes.Decrypt(sealedBytes[^NonceBytes..], sealedBytes[..plain.Length], sealedBytes.Slice(plain.Length, TagBytes), plain);
        }
        catch (AuthenticationTagMismatchException fault)
        {
            throw new FormatException($"It does not open with the key {key.Id} and seq_no {seqNo}: its bytes were changed or cut.", fault);
        }
        return plain;
    }

    /// <summary>
    /// From the bytes themselves, so that a cut made again writes the same: a key of the ratchet that met two different texts, in spite of
    /// all care, would still not meet the same nonce twice.
    /// </summary>
    private static ReadOnlySpan<byte> Nonce(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> plain) =>
        HMACSHA256.HashData(secret, plain).AsSpan(0, NonceBytes);

    private byte[] KeyOf(uint seqNo)
    {
        if (seqNo < at)
            (present, at) = (key.CopySecret(), 0);
        for (; at < seqNo; at++)
            present = Keccak256.Hash(present);
        return present;
    }
}
