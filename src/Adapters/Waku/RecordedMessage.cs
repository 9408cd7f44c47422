using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>A message of a channel in the form that archives hold (status-go stores it before it looks at what it says).</summary>
internal static class RecordedMessage
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <exception cref="FormatException">It does not open with the channel's key, or is not such a message; Status drops it too.</exception>
    public static ArchivedMessage Open(WakuMessage message, ContentTopic topic, ReadOnlySpan<byte> symmetricKey, byte[] hash)
    {
        if (message.Version != WakuMessage.StatusVersion)
            throw new FormatException($"The message has version {message.Version}.");
        if (message.Timestamp < 0)
            throw new FormatException("The message is of a time before 1970.");
        var payload = WakuPayload.Open(message.Payload, symmetricKey);
        return new ArchivedMessage(
            payload.Sender!,
            (ulong)(message.Timestamp / NanosecondsPerSecond),
            topic,
            payload.Data,
            payload.Padding,
            hash,
            ThirdPartyId: ""
        );
    }
}
