using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging;

namespace EventArchive.Waku;

/// <summary>
/// Sends a signed magnetlink message on both channels Status listens on. The outer payload is new each time (its padding and nonce are
/// random); the signed message inside is exactly what was given.
/// </summary>
public sealed partial class Announcer(
    WakuNodes nodes,
    WakuKeys keys,
    WakuMetrics metrics,
    TimeProvider time,
    FillRandom random,
    ILogger<Announcer> log
) : IAnnouncer
{
    private const long NanosecondsPerTick = 100;

    public async Task<IReadOnlyList<string>> Announce(
        CommunityId community,
        PubsubTopic pubsubTopic,
        ReadOnlyMemory<byte> signedMessage,
        ReadOnlyMemory<byte> communityPrivateKey,
        CancellationToken cancellation
    )
    {
        List<string> contentTopics = [];
        var wrapped = ProtocolMessageLayer.Wrap(signedMessage.Span);
        foreach (var chatId in MagnetlinkChannels.Of(community))
        {
            var contentTopic = ContentTopic.OfChat(chatId).Name;
            var payload = WakuPayload.Seal(wrapped, communityPrivateKey.Span, keys.Of(chatId).Span, random);
            var message = new WakuMessage(payload, contentTopic, WakuMessage.StatusVersion, Now(), Meta: [], Ephemeral: false);
            await nodes.Send(pubsubTopic, message, cancellation);
            metrics.CountSent();
            LogSent(community, contentTopic, pubsubTopic, Hex.Encode(message.Hash(pubsubTopic)));
            contentTopics.Add(contentTopic);
        }
        return contentTopics;
    }

    private long Now() => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;

    [LoggerMessage(1, LogLevel.Information, "Sent the magnetlink of {Community} on {ContentTopic}, {PubsubTopic}, as {MessageHash}")]
    private partial void LogSent(CommunityId community, string contentTopic, PubsubTopic pubsubTopic, string messageHash);
}
