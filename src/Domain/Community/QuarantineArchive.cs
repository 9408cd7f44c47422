using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>An archive cannot be read.</summary>
public sealed record QuarantineArchive(CommunityId CommunityId, InfoHash InfoHash, ArchiveId Archive, string Reason) : IReport;

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
