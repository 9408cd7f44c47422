using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>The channels to listen on: who is followed where. Four bytes name a channel, so two communities may share one.</summary>
internal sealed class FollowedChannels
{
    public static readonly FollowedChannels None = new([]);

    private readonly ILookup<(PubsubTopic, string), (CommunityId Community, string ChatId)> byTopic;
    private readonly ILookup<PubsubTopic, CommunityId> communities;

    public FollowedChannels(IReadOnlyCollection<(CommunityId Community, PubsubTopic PubsubTopic)> followed)
    {
        PubsubTopics = [.. followed.Select(one => one.PubsubTopic).Distinct()];
        communities = followed.Distinct().ToLookup(one => one.PubsubTopic, one => one.Community);
        byTopic = followed
            .Distinct()
            .SelectMany(one =>
                MagnetlinkChannels.AndDescription(one.Community).Select(chat => (one.Community, one.PubsubTopic, ChatId: chat))
            )
            .ToLookup(one => (one.PubsubTopic, ContentTopic.OfChat(one.ChatId).Name), one => (one.Community, one.ChatId));
    }

    public IReadOnlyList<PubsubTopic> PubsubTopics { get; }

    public IEnumerable<CommunityId> CommunitiesOn(PubsubTopic pubsubTopic) => communities[pubsubTopic];

    public IEnumerable<(CommunityId Community, string ChatId)> At(PubsubTopic pubsubTopic, string contentTopic) =>
        byTopic[(pubsubTopic, contentTopic)];
}
