using System.Security.Cryptography;
using System.Text.Json;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>Makes a magnetlink message with all its layers, and reads one from any layer, for people and tests that check the format.</summary>
public static class MagnetlinkEnvelope
{
    /// <summary>camelCase names, for <see cref="MagnetlinkInput"/>, <see cref="MagnetlinkLayers"/>, <see cref="MagnetlinkSample"/> and
    /// <see cref="MagnetlinkVerdict"/>.</summary>
    public static JsonSerializerOptions Json { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };

    private const ulong NanosecondsPerMillisecond = 1_000_000;

    /// <param name="random">Gives the padding, then the nonce. Default: the system's generator.</param>
    /// <exception cref="FormatException">A field is missing or wrong; the message names it and holds no key.</exception>
    public static MagnetlinkLayers Encode(MagnetlinkInput input, FillRandom? random = null)
    {
        random ??= RandomNumberGenerator.Fill;
        var communityKey = Key(input.CommunityPrivateKey, "communityPrivateKey") ?? throw Missing("communityPrivateKey");
        var senderKey = Key(input.SenderPrivateKey, "senderPrivateKey") ?? communityKey;
        var topicKey = Key(input.TopicPrivateKey, "topicPrivateKey");
        var clock = input.Clock ?? throw Missing("clock");
        var magnetUri = input.MagnetUri ?? throw Missing("magnetUri");
        if (magnetUri.Length > 0)
            _ = Magnetlink.Parse(magnetUri);

        var communityPublic = Secp256k1.PublicKey(communityKey, compressed: false);
        var community = CommunityKey.IdOf(communityKey);
        var chatId = MagnetlinkChannels.Of(community)[0];
        var topic = ContentTopic.OfChat(chatId);
        var pubsubTopic = new PubsubTopic(input.Cluster ?? PubsubTopic.Default.Cluster, input.Shard ?? PubsubTopic.Default.Index);
        var symmetricKey = new WakuKeys().Of(chatId).Span;

        var content = MagnetlinkMessages.Encode(clock, magnetUri);
        var wrapped = ApplicationMessage.Sign(
            Key(input.WrapPrivateKey, "wrapPrivateKey") ?? communityKey,
            content,
            ApplicationMessage.MagnetlinkType
        );
        var protocolMessage = input.SkipEncryptionLayer
            ? null
            : ProtocolMessageLayer.Wrap(wrapped, input.InstallationId ?? ProtocolMessageLayer.NeutralInstallationId);
        var plain = WakuPayload.Plain(protocolMessage ?? wrapped, input.UnsignedPayload ? [] : senderKey, random);
        var payload = WakuPayload.Encrypt(plain, symmetricKey, random);
        var message = new WakuMessage(payload, topic.Name, WakuMessage.StatusVersion, input.TimestampNs ?? Nanoseconds(clock), [], false);
        if (topicKey is not null)
            message = ProtectedShard.Sign(message, pubsubTopic, topicKey);

        return new MagnetlinkLayers
        {
            ChatId = chatId,
            CommunityId = community.ToString(),
            ContentTopic = topic.Name,
            MagnetlinkProto = Hex.Encode(content),
            MessageId = Hex.Encode(ApplicationMessage.IdOf(communityPublic, wrapped)),
            PayloadKeccak256 = Hex.Encode(Keccak256.Hash(content)),
            ProtocolMessage = protocolMessage is null ? null : Hex.Encode(protocolMessage),
            PubsubTopic = pubsubTopic.ToString(),
            SenderPublicKey = Hex.Encode(Secp256k1.PublicKey(senderKey, compressed: false)),
            Signature = Hex.Encode(Wire.ApplicationMetadataMessage.Parser.ParseFrom(wrapped).Signature.Span),
            SymKey = Hex.Encode(symmetricKey),
            TimestampNs = message.Timestamp,
            Topic = topic.ToString(),
            Type = ApplicationMessage.MagnetlinkType,
            WakuMessage = Hex.Encode(message.ToProtobuf()),
            WakuMessageHash = Hex.Encode(message.Hash(pubsubTopic)),
            WakuPayload = Hex.Encode(payload),
            WakuPayloadNonce = Hex.Encode(payload.AsSpan(^WakuPayload.NonceBytes..)),
            WakuPayloadPadding = WakuPayload.Read(plain).Padding.Length,
            WakuPayloadPlain = Hex.Encode(plain),
            Wrapped = Hex.Encode(wrapped),
            Meta = topicKey is null ? null : Hex.Encode(message.Meta),
            TopicPublicKey = topicKey is null ? null : Hex.Encode(Secp256k1.PublicKey(topicKey, compressed: false)),
            Notes = input.WithBundle ? ["No key bundle is added: it would name the sender's account, and receivers do not need it."] : null,
        };
    }

    /// <summary>Reads what it can; what does not hold is said in the verdict.</summary>
    /// <exception cref="FormatException">The request itself is wrong: no layer, no key to open it with, or a field that is not 0x-hex.</exception>
    public static MagnetlinkVerdict Decode(MagnetlinkSample sample) => new MagnetlinkReading(sample).Verdict;

    internal static FormatException Missing(string field) => new($"The field {field} is missing.");

    private static byte[]? Key(string? text, string field) =>
        text is null ? null : Hex.Decode(text, $"The field {field}", CommunityKey.PrivateKeyBytes);

    private static long Nanoseconds(ulong clock) =>
        clock <= long.MaxValue / NanosecondsPerMillisecond
            ? (long)(clock * NanosecondsPerMillisecond)
            : throw new FormatException("The field timestampNs is needed: the clock is too far ahead to be a timestamp.");
}
