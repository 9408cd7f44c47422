using System.Collections.ObjectModel;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>The channels to listen on: who is followed where. Four bytes name a channel, so two channels may share one.</summary>
internal sealed class FollowedChannels
{
    public static readonly FollowedChannels None = new([]);

    private readonly ILookup<(PubsubTopic, string), FollowedChannel> byTopic;
    private readonly ILookup<PubsubTopic, FollowedChannel> all;

    private readonly Dictionary<(CommunityId, ContentTopic), byte[]> topicKeys = [];

    public FollowedChannels(IReadOnlyList<FollowedCommunity> followed)
    {
        foreach (var community in followed)
        foreach (var (topic, key) in community.TopicKeys ?? ReadOnlyDictionary<ContentTopic, byte[]>.Empty)
            topicKeys[(community.Community, topic)] = key;
        var channels = followed.SelectMany(ChannelsOf).Distinct().ToList();
        PubsubTopics = [.. channels.Select(channel => channel.PubsubTopic).Distinct()];
        all = channels.ToLookup(channel => channel.PubsubTopic);
        byTopic = channels.ToLookup(channel => (channel.PubsubTopic, channel.Topic.Name));
        Recorded = channels.Where(channel => channel.Records).ToLookup(channel => (channel.Community, channel.PubsubTopic));
    }

    public IReadOnlyList<PubsubTopic> PubsubTopics { get; }

    /// <summary>The channels whose messages are recorded.</summary>
    public ILookup<(CommunityId Community, PubsubTopic PubsubTopic), FollowedChannel> Recorded { get; }

    public IEnumerable<string> ChatIds => PubsubTopics.SelectMany(topic => all[topic]).Select(channel => channel.ChatId).OfType<string>();

    /// <summary>The channel's key as it was imported, or as its chat id gives it.</summary>
    public ReadOnlyMemory<byte> KeyOf(FollowedChannel channel, WakuKeys keys) =>
        channel.ChatId is { } chatId ? keys.Of(chatId) : topicKeys[(channel.Community, channel.Topic)];

    public IEnumerable<CommunityId> CommunitiesOn(PubsubTopic pubsubTopic) =>
        all[pubsubTopic].Select(channel => channel.Community).Distinct();

    /// <summary>The full names of the content topics to hear.</summary>
    public IReadOnlySet<string> ContentTopicsOn(PubsubTopic pubsubTopic) =>
        all[pubsubTopic].Select(channel => channel.Topic.Name).ToHashSet(StringComparer.Ordinal);

    public IEnumerable<FollowedChannel> At(PubsubTopic pubsubTopic, string contentTopic) => byTopic[(pubsubTopic, contentTopic)];

    private static IEnumerable<FollowedChannel> ChannelsOf(FollowedCommunity followed)
    {
        var recorded = followed.Recorded ? followed.ChatIds ?? [] : [];
        var announcing = MagnetlinkChannels.AndDescription(followed.Community);
        var byChatId = announcing
            .Union(recorded)
            .Select(chatId => new FollowedChannel(
                followed.Community,
                followed.PubsubTopic,
                chatId,
                ContentTopic.OfChat(chatId),
                announcing.Contains(chatId),
                recorded.Contains(chatId)
            ))
            .ToList();
        // The key of a chat id that is known is sure, one that was imported may be wrong.
        var byTopic = (followed.Recorded ? followed.TopicKeys?.Keys ?? [] : []).Except(
            byChatId.Where(channel => channel.Records).Select(channel => channel.Topic)
        );
        return byChatId.Concat(
            byTopic.Select(topic => new FollowedChannel(
                followed.Community,
                followed.PubsubTopic,
                ChatId: null,
                topic,
                Announces: false,
                Records: true
            ))
        );
    }
}

/// <param name="ChatId">Null: only its content topic is known, and its key was imported. Nothing is announced there.</param>
/// <param name="Announces">Announcements or descriptions of the community travel here.</param>
/// <param name="Records">What is said here is recorded. On one channel, -memberUpdate, both may be so.</param>
internal sealed record FollowedChannel(
    CommunityId Community,
    PubsubTopic PubsubTopic,
    string? ChatId,
    ContentTopic Topic,
    bool Announces,
    bool Records
);
