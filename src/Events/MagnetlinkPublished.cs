using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>A Waku node accepted the magnetlink message on every channel named here.</summary>
/// <param name="ContentTopics">Full content topics, <c>/waku/1/0x…/rfc26</c>.</param>
public sealed record MagnetlinkPublished(
    CommunityId CommunityId,
    Clock Clock,
    InfoHash InfoHash,
    Magnetlink Magnetlink,
    PubsubTopic PubsubTopic,
    IReadOnlyList<string> ContentTopics
) : IEvent;
