using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>A community that is listened to.</summary>
/// <param name="Recorded">
/// Its messages are recorded for archives, on those of its channels whose chat ids or keys are known; otherwise only its announcements are heard.
/// </param>
/// <param name="ChatIds">The channels that archives hold, as Status names them.</param>
/// <param name="TopicKeys">Keys of further channels that archives hold, which are known by content topic alone; null: none.</param>
public sealed record FollowedCommunity(
    CommunityId Community,
    PubsubTopic PubsubTopic,
    bool Recorded = false,
    IReadOnlyList<string>? ChatIds = null,
    IReadOnlyDictionary<ContentTopic, byte[]>? TopicKeys = null
);
