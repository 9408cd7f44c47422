using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>A community that is listened to.</summary>
/// <param name="Recorded">
/// Its messages are recorded for archives, on those of its channels whose chat ids are known; otherwise only its announcements are heard.
/// </param>
/// <param name="ChatIds">The channels that archives hold, as Status names them.</param>
public sealed record FollowedCommunity(
    CommunityId Community,
    PubsubTopic PubsubTopic,
    bool Recorded = false,
    IReadOnlyList<string>? ChatIds = null
);
