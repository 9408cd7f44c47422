using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>The channels to listen on: who is followed where. Four bytes name a channel, so two channels may share one.</summary>
internal sealed class FollowedChannels
{
    public static readonly FollowedChannels None = new([]);

    private readonly ILookup<(PubsubTopic, string), FollowedChannel> byTopic;
    private readonly ILookup<PubsubTopic, FollowedChannel> all;

    public FollowedChannels(IEnumerable<FollowedCommunity> followed)
    {
        var channels = followed.SelectMany(ChannelsOf).Distinct().ToList();
        PubsubTopics = [.. channels.Select(channel => channel.PubsubTopic).Distinct()];
        all = channels.ToLookup(channel => channel.PubsubTopic);
        byTopic = channels.ToLookup(channel => (channel.PubsubTopic, channel.Topic.Name));
        Recorded = channels.Where(channel => channel.Records).ToLookup(channel => (channel.Community, channel.PubsubTopic));
    }

    public IReadOnlyList<PubsubTopic> PubsubTopics { get; }

    /// <summary>The channels whose messages are recorded.</summary>
    public ILookup<(CommunityId Community, PubsubTopic PubsubTopic), FollowedChannel> Recorded { get; }

    public IEnumerable<string> ChatIds => PubsubTopics.SelectMany(topic => all[topic]).Select(channel => channel.ChatId);

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
        return announcing
            .Union(recorded)
            .Select(chatId => new FollowedChannel(
                followed.Community,
                followed.PubsubTopic,
                chatId,
                ContentTopic.OfChat(chatId),
                announcing.Contains(chatId),
                recorded.Contains(chatId)
            ));
    }
}

/// <param name="Announces">Announcements or descriptions of the community travel here.</param>
/// <param name="Records">What is said here is recorded. On one channel, -memberUpdate, both may be so.</param>
internal sealed record FollowedChannel(
    CommunityId Community,
    PubsubTopic PubsubTopic,
    string ChatId,
    ContentTopic Topic,
    bool Announces,
    bool Records
);
