using System.Text.Json.Serialization;

namespace EventArchive.Waku;

/// <summary>
/// What a magnetlink message says, and whether it holds, with the names of the test vectors' <c>statusGoDecode</c>. A field is null when its
/// layer was not given or not reached.
/// </summary>
public sealed record MagnetlinkVerdict
{
    /// <summary>The signed content as hexadecimal text without 0x.</summary>
    public string? ApplicationPayload { get; init; }
    public string? ApplicationType { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public ulong? Clock { get; init; }

    /// <summary>Whether the network message's content topic is the channel's.</summary>
    public bool? ContentTopicMatches { get; init; }
    public bool? Ephemeral { get; init; }
    public string? MagnetUri { get; init; }
    public string? MessageId { get; init; }

    /// <summary>Bytes of padding in the outer payload.</summary>
    public int? Padding { get; init; }
    public string? SignerCommunityId { get; init; }

    /// <summary>Null: no community was named to compare with.</summary>
    public bool? SignerIsCommunity { get; init; }
    public long? TimestampNs { get; init; }
    public uint? Version { get; init; }

    /// <summary>The sender of the outer payload, 65 bytes; any key will do there.</summary>
    public string? WakuSigner { get; init; }

    /// <summary>Every layer holds, and where a community was named, it signed.</summary>
    public bool Accepted { get; init; }

    /// <summary>Why it was not accepted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>Why an authentic message is left unheeded all the same: it names no usable torrent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Warning { get; init; }
}
