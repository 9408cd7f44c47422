using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

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
