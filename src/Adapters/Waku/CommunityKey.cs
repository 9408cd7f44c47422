using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>A community's private key: 32 bytes, a number from 1 to the order of secp256k1 less 1.</summary>
public static class CommunityKey
{
    public const int PrivateKeyBytes = Secp256k1.PrivateKeyBytes;

    /// <summary>The community that a private key controls.</summary>
    /// <exception cref="FormatException">It is not a private key. The message says why and holds nothing of the key.</exception>
    public static CommunityId IdOf(ReadOnlySpan<byte> privateKey) => CommunityId.FromKey(Secp256k1.PublicKey(privateKey, compressed: true));
}
