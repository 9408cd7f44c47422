using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>Sends announcements to the Waku network.</summary>
public interface IAnnouncer
{
    /// <summary>
    /// Sends the signed message, wrapped as Status clients expect it, on both channels they listen on; returns their full content topics
    /// when a node has accepted both.
    /// </summary>
    /// <exception cref="WakuException">No node accepted it.</exception>
    Task<IReadOnlyList<string>> Announce(
        CommunityId community,
        PubsubTopic pubsubTopic,
        ReadOnlyMemory<byte> signedMessage,
        ReadOnlyMemory<byte> communityPrivateKey,
        CancellationToken cancellation
    );
}

/// <summary>The magnetlink message: what the community's key signs and members verify.</summary>
public interface IMagnetlinkMessages
{
    /// <summary>ApplicationMetadataMessage of type 43. Deterministic (RFC 6979): same input, same bytes.</summary>
    byte[] Sign(ReadOnlySpan<byte> communityPrivateKey, Clock clock, Magnetlink magnetlink);

    /// <summary>Reads and verifies a signed message.</summary>
    /// <exception cref="FormatException">It is not a magnetlink message; the message says why.</exception>
    SignedMagnetlink Open(ReadOnlySpan<byte> signedMessage);
}

/// <param name="Signer">Whose key signed, recovered from the signature.</param>
public sealed record SignedMagnetlink(CommunityId Signer, Clock Clock, Magnetlink Magnetlink);

/// <summary>The private keys of the communities this deployment controls. They leave the store only to sign.</summary>
public interface ICommunityKeys
{
    /// <summary>Keeps the key in the place of one that is here, and wakes what waits for it.</summary>
    /// <param name="privateKey">32 bytes; its public key must be the community's.</param>
    Task Import(CommunityId community, ReadOnlyMemory<byte> privateKey, CancellationToken cancellation);

    /// <summary>Null: the community is not controlled here.</summary>
    Task<byte[]?> Find(CommunityId community, CancellationToken cancellation);

    /// <summary>Whether it was imported. Nothing is decrypted.</summary>
    Task<bool> Exists(CommunityId community, CancellationToken cancellation);

    Task<IReadOnlyList<CommunityId>> List(CancellationToken cancellation);

    /// <summary>Removes the key. False: there was none.</summary>
    Task<bool> Forget(CommunityId community, CancellationToken cancellation);
}

/// <summary>No Waku node took a message; trying again later may help.</summary>
public sealed class WakuException(string message, Exception? inner = null) : Exception(message, inner);
