using System.Diagnostics;
using System.Security.Cryptography;

namespace EventArchive.Waku;

/// <summary>
/// Recoverable ECDSA over secp256k1 as Status uses it: signatures are r, s (32 bytes each, big-endian) and v (0 or 1), with RFC 6979 nonces
/// and s in the lower half. Safe for many threads: the one context is blinded at creation and only read afterwards.
/// </summary>
internal static class Secp256k1
{
    public const int PrivateKeyBytes = 32;
    public const int HashBytes = 32;
    public const int SignatureBytes = 65;
    public const int CompactBytes = 64;
    public const int CompressedBytes = 33;
    public const int UncompressedBytes = 65;

    private static readonly Lazy<nint> context = new(CreateContext);

    /// <summary>Half the order of the group, big-endian (SEC 2, section 2.4.1): a larger s is the mirror image of a valid signature.</summary>
    private static readonly byte[] HalfOrder = Convert.FromHexString("7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0");

    /// <exception cref="FormatException">The private key is not one.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> privateKey)
    {
        RequireHash(hash);
        RequirePrivateKey(privateKey);
        Span<byte> opaque = stackalloc byte[Secp256k1Library.RecoverableSignatureBytes];
        var signature = new byte[SignatureBytes];
        if (Secp256k1Library.SignRecoverable(context.Value, opaque, hash, privateKey, 0, 0) != 1)
            throw new CryptographicException("libsecp256k1 could not sign.");
        _ = Secp256k1Library.SerializeRecoverable(context.Value, signature, out var recoveryId, opaque);
        signature[^1] = checked((byte)recoveryId);
        return signature;
    }

    /// <summary>The key that made a signature, 65 bytes uncompressed.</summary>
    /// <exception cref="FormatException">It is not a signature; the message says why.</exception>
    public static byte[] Recover(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        RequireHash(hash);
        if (signature.Length != SignatureBytes)
            throw new FormatException($"A signature has {SignatureBytes} bytes, this one has {signature.Length}.");
        if (signature[^1] > 1)
            throw new FormatException($"The last byte of a signature, v, is 0 or 1; this one is {signature[^1]}.");
        if (signature.Slice(32, 32).SequenceCompareTo(HalfOrder) > 0)
            throw new FormatException("The signature's s lies in the upper half, which makes it a copy of another signature.");
        Span<byte> opaque = stackalloc byte[Secp256k1Library.RecoverableSignatureBytes];
        Span<byte> publicKey = stackalloc byte[Secp256k1Library.PublicKeyBytes];
        if (
            Secp256k1Library.ParseRecoverable(context.Value, opaque, signature[..CompactBytes], signature[^1]) != 1
            || Secp256k1Library.Recover(context.Value, publicKey, opaque, hash) != 1
        )
            throw new FormatException("The signature belongs to no key.");
        return Serialize(publicKey, compressed: false);
    }

    /// <summary>Whether the key made this signature without v (r and s, 64 bytes).</summary>
    public static bool Verify(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> compact, ReadOnlySpan<byte> publicKey)
    {
        RequireHash(hash);
        Span<byte> key = stackalloc byte[Secp256k1Library.PublicKeyBytes];
        Span<byte> signature = stackalloc byte[CompactBytes];
        // The native code calls abort() for a null pointer, which is what an empty span becomes.
        return compact.Length == CompactBytes
            && publicKey.Length is CompressedBytes or UncompressedBytes
            && Secp256k1Library.ParsePublicKey(context.Value, key, publicKey, (nuint)publicKey.Length) == 1
            && Secp256k1Library.ParseSignature(context.Value, signature, compact) == 1
            && Secp256k1Library.Verify(context.Value, signature, hash, key) == 1;
    }

    /// <exception cref="FormatException">The private key is not one.</exception>
    public static byte[] PublicKey(ReadOnlySpan<byte> privateKey, bool compressed)
    {
        RequirePrivateKey(privateKey);
        Span<byte> publicKey = stackalloc byte[Secp256k1Library.PublicKeyBytes];
        _ = Secp256k1Library.CreatePublicKey(context.Value, publicKey, privateKey);
        return Serialize(publicKey, compressed);
    }

    /// <summary>The 33-byte form of a 65-byte public key.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> uncompressed)
    {
        Debug.Assert(uncompressed.Length == UncompressedBytes);
        return [(byte)(2 + (uncompressed[^1] & 1)), .. uncompressed[1..CompressedBytes]];
    }

    private static byte[] Serialize(ReadOnlySpan<byte> publicKey, bool compressed)
    {
        var output = new byte[compressed ? CompressedBytes : UncompressedBytes];
        var length = (nuint)output.Length;
        var flags = compressed ? Secp256k1Library.Compressed : Secp256k1Library.Uncompressed;
        _ = Secp256k1Library.SerializePublicKey(context.Value, output, ref length, publicKey, flags);
        return output;
    }

    private static void RequirePrivateKey(ReadOnlySpan<byte> privateKey)
    {
        if (privateKey.Length != PrivateKeyBytes)
            throw new FormatException($"A private key has {PrivateKeyBytes} bytes, this one has {privateKey.Length}.");
        if (Secp256k1Library.VerifyPrivateKey(context.Value, privateKey) != 1)
            throw new FormatException("A private key is a number from 1 to the order of secp256k1 less 1; this one is not.");
    }

    /// <summary>The native code reads 32 bytes whatever the length.</summary>
    private static void RequireHash(ReadOnlySpan<byte> hash)
    {
        if (hash.Length != HashBytes)
            throw new ArgumentException($"A hash to sign has {HashBytes} bytes.", nameof(hash));
    }

    private static nint CreateContext()
    {
        var created = Secp256k1Library.CreateContext(Secp256k1Library.SignAndVerify);
        Span<byte> seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(seed);
        // Blinding against side channels. It writes the context, so it happens before anybody shares it.
        if (created == 0 || Secp256k1Library.Randomize(created, seed) != 1)
            throw new CryptographicException("libsecp256k1 could not make a context.");
        return created;
    }
}
