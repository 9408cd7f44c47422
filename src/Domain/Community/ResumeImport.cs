using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>A key of archives that were parked is here.</summary>
public sealed record ResumeImport(CommunityId CommunityId, InfoHash InfoHash) : IReport;

public sealed partial record Community
{
    // An import that runs parks anew what it cannot open: until it is over there is nothing to resume.
    private static IReadOnlyList<IEvent> Decide(ResumeImport command, Community community) =>
        community.Importing is null && community.Torrent?.InfoHash == command.InfoHash && !community.Parked.IsEmpty
            ?
            [
                new ImportStarted(
                    command.CommunityId,
                    command.InfoHash,
                    [.. community.Parked.Select(parked => parked.Archive).OrderBy(archive => archive.ToString(), StringComparer.Ordinal)]
                ),
            ]
            : [];
}
