using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging;

namespace EventArchive.Waku;

/// <summary>
/// Opens what was said on the channels of archived communities and records it, in batches. Whoever sent it and whatever it says: archives keep
/// everything that Status would have delivered. Safe for many threads.
/// </summary>
internal sealed partial class MessageRecorder(
    IMessageStore store,
    WakuKeys keys,
    WakuOptions options,
    WakuMetrics metrics,
    TimeProvider time,
    ILogger<MessageRecorder> log
)
{
    /// <summary>Of what was recorded of late the hash is remembered: several nodes hear the same, and stores give it again.</summary>
    private const int MaxRemembered = 50_000;

    private readonly RecentHashes recent = new(MaxRemembered);

    /// <summary>Returns when all is recorded; as long as the message store is away it waits.</summary>
    /// <returns>How many were new.</returns>
    public async Task<long> Record(
        PubsubTopic topic,
        IEnumerable<WakuMessage> messages,
        FollowedChannels channels,
        CancellationToken cancellation
    )
    {
        var opened = new Dictionary<CommunityId, List<ArchivedMessage>>();
        foreach (var message in messages)
        {
            byte[]? hash = null;
            foreach (var channel in channels.At(topic, message.ContentTopic).Where(channel => channel.Records))
            {
                hash ??= message.Hash(topic);
                if (recent.Contains(hash) || Open(message, channel, channels, hash) is not { } archived)
                    continue;
                if (!opened.TryGetValue(channel.Community, out var list))
                    opened[channel.Community] = list = [];
                list.Add(archived);
            }
        }
        var recorded = 0L;
        foreach (var (community, list) in opened)
        {
            recorded += await Record(community, list, cancellation);
            foreach (var message in list)
                recent.Add(message.Hash);
        }
        metrics.CountRecorded(recorded);
        return recorded;
    }

    private ArchivedMessage? Open(WakuMessage message, FollowedChannel channel, FollowedChannels channels, byte[] hash)
    {
        try
        {
            return RecordedMessage.Open(message, channel.Topic, channels.KeyOf(channel, keys).Span, hash);
        }
        catch (FormatException)
        {
            // Anybody may write to a channel. Another one with the same four bytes, too, has another key.
            metrics.CountHeard(HeardOutcome.Undecodable);
            return null;
        }
    }

    /// <summary>The node has let go of the messages already, so they are held here until they are recorded.</summary>
    private async Task<long> Record(CommunityId community, List<ArchivedMessage> messages, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await store.Record(community, messages, cancellation);
            }
            catch (ArgumentException fault)
            {
                // One that cannot be stored must not take the others with it; alone it is left out.
                if (messages.Count == 1)
                {
                    LogUnstorable(fault, community);
                    return 0;
                }
                var recorded = 0L;
                foreach (var message in messages)
                    recorded += await Record(community, [message], cancellation);
                return recorded;
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                // The store is another's: any other failure of it is one to try again after.
                if (attempt == 0)
                    LogWaiting(fault, messages.Count, community);
            }
            await Task.Delay(options.ReconnectDelay(attempt), time, cancellation);
        }
    }

    [LoggerMessage(11, LogLevel.Warning, "{Count} messages of {Community} wait to be recorded; trying again until it works")]
    private partial void LogWaiting(Exception fault, int count, CommunityId community);

    [LoggerMessage(12, LogLevel.Warning, "A message of {Community} cannot be recorded and is left out")]
    private partial void LogUnstorable(Exception fault, CommunityId community);
}
