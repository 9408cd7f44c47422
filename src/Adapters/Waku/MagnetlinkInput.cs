using System.Text.Json.Serialization;

namespace EventArchive.Waku;

/// <summary>
/// What a magnetlink message is made from, with the names of the test vectors' <c>input</c>. Bytes are 0x-hex. An unknown name is refused,
/// so that a slip of the pen is not taken for a default.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record MagnetlinkInput
{
    /// <summary>32 bytes; signs the message.</summary>
    public string? CommunityPrivateKey { get; init; }

    /// <summary>32 bytes; signs the outer payload. Default: the community's key.</summary>
    public string? SenderPrivateKey { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public ulong? Clock { get; init; }

    public string? MagnetUri { get; init; }

    /// <summary>Unix nanoseconds. Default: the clock.</summary>
    public long? TimestampNs { get; init; }

    /// <summary>Default: 16.</summary>
    public ushort? Cluster { get; init; }

    /// <summary>Default: 32.</summary>
    public ushort? Shard { get; init; }

    /// <summary>32 bytes: the key of a protected shard. Default: the shard is not protected.</summary>
    public string? TopicPrivateKey { get; init; }

    /// <summary>Default: a neutral one.</summary>
    public string? InstallationId { get; init; }

    /// <summary>True: no ProtocolMessage layer.</summary>
    public bool SkipEncryptionLayer { get; init; }

    /// <summary>Status adds a key bundle of its sender; here none is ever added, and the result says so.</summary>
    public bool WithBundle { get; init; }

    /// <summary>For tests of receivers: 32 bytes, signs the message in the community's stead.</summary>
    public string? WrapPrivateKey { get; init; }

    /// <summary>For tests of receivers: the outer payload carries no signature.</summary>
    public bool UnsignedPayload { get; init; }
}
