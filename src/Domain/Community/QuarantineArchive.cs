using EventArchive.Events;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(QuarantineArchive command, Community community) =>
        community.Importing?.InfoHash == command.InfoHash && community.ToImport.Contains(command.Archive)
            ? community.AndPerhapsTheLast(
                [command.Archive],
                new ArchiveQuarantined(command.CommunityId, command.InfoHash, command.Archive, command.Reason)
            )
            : [];
}
