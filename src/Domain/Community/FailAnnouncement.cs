using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The announcement was given up after the last try.</summary>
public sealed record FailAnnouncement(CommunityId CommunityId, Clock Clock, string Reason) : IReport;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(FailAnnouncement command, Community community) =>
        community.Announcing is { } announcing && announcing.Clock == command.Clock
            ? [new AnnouncementFailed(command.CommunityId, command.Clock, announcing.InfoHash, command.Reason)]
            : [];
}
