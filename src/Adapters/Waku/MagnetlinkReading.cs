using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>One pass through the layers of a message, from the outermost one given, that keeps what each layer said until one fails.</summary>
internal sealed class MagnetlinkReading
{
    private const string TypeName = "COMMUNITY_MESSAGE_ARCHIVE_MAGNETLINK";

    private readonly MagnetlinkSample sample;
    private readonly CommunityId? community;

    public MagnetlinkReading(MagnetlinkSample sample)
    {
        this.sample = sample;
        community = Community(sample);
        var layer =
            Bytes(sample.WakuMessage, "wakuMessage")
            ?? Bytes(sample.WakuPayload, "wakuPayload")
            ?? Bytes(sample.ProtocolMessage, "protocolMessage")
            ?? Bytes(sample.Wrapped, "wrapped")
            ?? throw new FormatException("Give one of the fields wakuMessage, wakuPayload, protocolMessage or wrapped.");
        var keys = sample.WakuMessage is null && sample.WakuPayload is null ? [] : Keys();
        try
        {
            Read(layer, keys);
        }
        catch (FormatException fault)
        {
            Verdict = Verdict with { Error = fault.Message };
        }
        Verdict = Verdict with { Accepted = Verdict.Error is null };
    }

    public MagnetlinkVerdict Verdict { get; private set; } = new();

    private void Read(byte[] layer, IReadOnlyList<byte[]> keys)
    {
        if (sample.WakuMessage is not null)
            layer = ReadMessage(layer);
        if (keys.Count > 0)
            layer = ReadPayload(layer, keys);
        var wrapped =
            sample.WakuMessage is null && sample.WakuPayload is null && sample.ProtocolMessage is null
                ? layer
                : ProtocolMessageLayer.Unwrap(layer);
        var message = ApplicationMessage.Open(wrapped);
        Verdict = Verdict with
        {
            ApplicationPayload = Convert.ToHexStringLower(message.Payload),
            ApplicationType = message.Type == ApplicationMessage.MagnetlinkType ? TypeName : message.Type.ToString(),
            MessageId = Hex.Encode(ApplicationMessage.IdOf(message.Signer, wrapped)),
            SignerCommunityId = message.SignerId.ToString(),
            SignerIsCommunity = community is null ? null : message.SignerId == community,
        };
        var (clock, magnetUri) = MagnetlinkMessages.Read(message);
        Verdict = Verdict with { Clock = clock, MagnetUri = magnetUri };
        if (Verdict.SignerIsCommunity == false)
            throw new FormatException($"The message is signed by {message.SignerId}, not by the community {community}.");
        if (Verdict.ContentTopicMatches == false)
            throw new FormatException("The message was sent on a content topic that is not the channel's.");
        Verdict = Verdict with { Warning = WhyUnheeded(clock, magnetUri) };
    }

    private byte[] ReadMessage(byte[] bytes)
    {
        var message = WakuMessage.FromProtobuf(bytes);
        var chats = ChatIds();
        Verdict = Verdict with
        {
            TimestampNs = message.Timestamp,
            Version = message.Version,
            Ephemeral = message.Ephemeral,
            ContentTopicMatches = chats.Count == 0 ? null : chats.Any(chat => ContentTopic.OfChat(chat).Name == message.ContentTopic),
        };
        return message.Version == WakuMessage.StatusVersion
            ? message.Payload
            : throw new FormatException($"A Status message has version {WakuMessage.StatusVersion}, this one has {message.Version}.");
    }

    private byte[] ReadPayload(byte[] sealedBytes, IReadOnlyList<byte[]> keys)
    {
        var plain = FirstThatOpens(sealedBytes, keys);
        var payload = WakuPayload.Read(plain);
        Verdict = Verdict with
        {
            Padding = payload.Padding.Length,
            WakuSigner = payload.Sender is null ? null : Hex.Encode(payload.Sender),
        };
        return payload.Sender is null ? throw new FormatException("The Waku payload is not signed.") : payload.Data;
    }

    private static byte[] FirstThatOpens(byte[] sealedBytes, IReadOnlyList<byte[]> keys)
    {
        foreach (var key in keys.SkipLast(1))
        {
            try
            {
                return WakuPayload.Decrypt(sealedBytes, key);
            }
            catch (FormatException)
            {
                // The message was sent on the community's other channel.
            }
        }
        return WakuPayload.Decrypt(sealedBytes, keys[^1]);
    }

    private IReadOnlyList<byte[]> Keys()
    {
        if (sample.SymKey is not null)
            return [Hex.Decode(sample.SymKey, "The field symKey", WakuPayload.SymmetricKeyBytes)];
        var keys = new WakuKeys();
        var chats = ChatIds();
        return chats.Count > 0
            ? [.. chats.Select(chat => keys.Of(chat).ToArray())]
            : throw new FormatException("Give chatId, symKey or communityId too: the payload is encrypted for its channel.");
    }

    private IReadOnlyList<string> ChatIds() =>
        sample.ChatId is not null ? [sample.ChatId]
        : community is not null ? MagnetlinkChannels.Of(community)
        : [];

    private static CommunityId? Community(MagnetlinkSample sample)
    {
        if (sample.CommunityId is not null)
            return CommunityId.Parse(sample.CommunityId);
        var end = sample.ChatId?.IndexOf('-', StringComparison.Ordinal) ?? -1;
        return end > 0 && CommunityId.TryParse(sample.ChatId![..end], null, out var community) ? community : null;
    }

    private static string? WhyUnheeded(ulong clock, string magnetUri)
    {
        try
        {
            MagnetlinkMessages.RequireUsable(clock, magnetUri);
            _ = Magnetlink.Parse(magnetUri);
            return null;
        }
        catch (FormatException fault)
        {
            return fault.Message;
        }
    }

    private static byte[]? Bytes(string? text, string field) => text is null ? null : Hex.Decode(text, $"The field {field}");
}
