using EventArchive.Model;

namespace EventArchive.Archives;

/// <summary>What an archive can hold. The writer sets other messages aside, the reader refuses an archive that has one: the same rule for both.</summary>
internal sealed class MessageRules(ulong from, ulong to, IEnumerable<ContentTopic> topics)
{
    private readonly HashSet<ContentTopic> topics = [.. topics];

    /// <summary>Null: the message is in order.</summary>
    public string? FaultOf(ArchivedMessage message) =>
        message switch
        {
            { LeftOutBytes: > 0 } => $"{message.LeftOutBytes} bytes of it are more than is read of any message",
            _ when message.Timestamp < from || message.Timestamp >= to => "its timestamp is outside the archive's window",
            _ when !topics.Contains(message.Topic) => "its topic is not one of the archive's content topics",
            { Hash.Length: 0 or > ArchiveFormat.MaxHashBytes } => $"its hash has not 1 to {ArchiveFormat.MaxHashBytes} bytes",
            { ThirdPartyId.Length: > ArchiveFormat.MaxThirdPartyIdCharacters } =>
                $"its thirdPartyId has more than {ArchiveFormat.MaxThirdPartyIdCharacters} characters",
            _ when message.ThirdPartyId.Contains('\0', StringComparison.Ordinal) => "its thirdPartyId holds a NUL character",
            _ when MessageBytes(message) > ArchiveFormat.MaxArchiveMessageBytes =>
                $"its payload and sig have more than {ArchiveFormat.MaxArchiveMessageBytes} bytes",
            _ => null,
        };

    /// <summary>The bytes that count towards the format's limit of one archive.</summary>
    public static long MessageBytes(ArchivedMessage message) => message.Payload.Length + (long)message.Sig.Length + message.LeftOutBytes;
}
