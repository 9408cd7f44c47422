using System.Collections.Concurrent;
using System.Security.Cryptography;
using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Projections;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary>Whose channels are listened to: every community in this service's care. Of those that are archived here the messages are recorded.</summary>
public sealed partial class FollowedCommunities(ProjectionReader projections, TopicKeys topicKeys, ILogger<FollowedCommunities> log)
{
    private readonly ConcurrentDictionary<CommunityId, FollowedCommunity> followed = new();
    private readonly HashSet<CommunityId> unreadable = [];

    /// <summary>Counts a community in at once, ahead of the projection, so that its next announcement is not missed.</summary>
    public void Add(HistoryArchivesEnabled enabled) =>
        followed[enabled.CommunityId] = new(enabled.CommunityId, enabled.PubsubTopic, enabled.ControlNode, enabled.ChatIds);

    public async Task<IReadOnlyList<FollowedCommunity>> List(CancellationToken cancellation)
    {
        await foreach (var row in projections.List<CommunitySummary>(community: null, cancellation))
            followed[row.CommunityId] = new(
                row.CommunityId,
                row.PubsubTopic,
                row.ControlNode,
                row.ChatIds,
                row.ControlNode ? await KeysOf(row, cancellation) : null
            );
        return [.. followed.Values];
    }

    /// <summary>Of the channels without a chat id. What cannot be decrypted keeps nobody from following the others.</summary>
    private async Task<IReadOnlyDictionary<ContentTopic, byte[]>?> KeysOf(CommunitySummary row, CancellationToken cancellation)
    {
        var topics = row.ContentTopics.Except((row.ChatIds ?? []).Select(ContentTopic.OfChat)).ToHashSet();
        if (topics.Count == 0)
            return null;
        try
        {
            var keys = await topicKeys.Find(row.CommunityId, cancellation);
            unreadable.Remove(row.CommunityId);
            return keys.Where(key => topics.Contains(key.Key)).ToDictionary();
        }
        catch (CryptographicException fault)
        {
            if (unreadable.Add(row.CommunityId))
                LogUnreadable(fault, row.CommunityId);
            return null;
        }
    }

    [LoggerMessage(1236, LogLevel.Error, "Channels of {Community} are not recorded, since their keys cannot be decrypted")]
    private partial void LogUnreadable(Exception fault, CommunityId community);
}
