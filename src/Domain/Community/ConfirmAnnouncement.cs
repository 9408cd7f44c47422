using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>A Waku node accepted the announcement on these content topics.</summary>
public sealed record ConfirmAnnouncement(CommunityId CommunityId, Clock Clock, IReadOnlyList<string> ContentTopics) : IReport;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(ConfirmAnnouncement command, Community community) =>
        community.Announcing is { } announcing && announcing.Clock == command.Clock
            ?
            [
                new MagnetlinkPublished(
                    command.CommunityId,
                    command.Clock,
                    announcing.InfoHash,
                    announcing.Magnetlink,
                    community.PubsubTopic,
                    command.ContentTopics
                ),
            ]
            : [];
}
