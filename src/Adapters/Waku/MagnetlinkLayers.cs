using System.Text.Json.Serialization;

namespace EventArchive.Waku;

/// <summary>
/// A magnetlink message, layer by layer, with the names of the test vectors' <c>encoded</c>. Bytes are 0x-hex. All but wakuPayload, its plain
/// form, nonce and hash, and wakuMessage are the same for the same input.
/// </summary>
public sealed record MagnetlinkLayers
{
    public required string ChatId { get; init; }
    public required string CommunityId { get; init; }
    public required string ContentTopic { get; init; }

    /// <summary>CommunityMessageArchiveMagnetlink.</summary>
    public required string MagnetlinkProto { get; init; }
    public required string MessageId { get; init; }
    public required string PayloadKeccak256 { get; init; }

    /// <summary>Absent when that layer was skipped.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ProtocolMessage { get; init; }
    public required string PubsubTopic { get; init; }
    public required string SenderPublicKey { get; init; }
    public required string Signature { get; init; }
    public required string SymKey { get; init; }
    public required long TimestampNs { get; init; }

    /// <summary>The four bytes of the content topic.</summary>
    public required string Topic { get; init; }
    public required int Type { get; init; }
    public required string WakuMessage { get; init; }
    public required string WakuMessageHash { get; init; }
    public required string WakuPayload { get; init; }
    public required string WakuPayloadNonce { get; init; }

    /// <summary>Bytes.</summary>
    public required int WakuPayloadPadding { get; init; }
    public required string WakuPayloadPlain { get; init; }

    /// <summary>The signed ApplicationMetadataMessage.</summary>
    public required string Wrapped { get; init; }

    /// <summary>On a protected shard: the topic key's signature.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Meta { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TopicPublicKey { get; init; }

    /// <summary>What somebody who compares with another program should know.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Notes { get; init; }
}
