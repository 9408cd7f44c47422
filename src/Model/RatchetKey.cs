namespace EventArchive.Model;

/// <summary>
/// A key with which a community's members encrypt for each other, the beginning of a hash ratchet. The secret is given out by one method and
/// appears in no text.
/// </summary>
public sealed class RatchetKey
{
    public const int KeyBytes = 32;

    private readonly byte[] key;

    /// <param name="timestamp">When the community made it, in the community's own unit; the highest is the newest. Part of the key's id.</param>
    /// <exception cref="FormatException">It is no key.</exception>
    public RatchetKey(CommunityId communityId, ulong timestamp, ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes)
            throw new FormatException($"A ratchet key has {KeyBytes} bytes, not {key.Length}.");
        (CommunityId, Timestamp, this.key) = (communityId, timestamp, key.ToArray());
        Id = RatchetKeyId.Of(communityId, timestamp, key);
    }

    public CommunityId CommunityId { get; }

    public ulong Timestamp { get; }

    public RatchetKeyId Id { get; }

    /// <summary>The secret, 32 bytes. Never print it.</summary>
    public byte[] CopySecret() => (byte[])key.Clone();

    public override string ToString() => $"ratchet key {Id} of community {CommunityId}";
}
