using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>These archives, by id, are encrypted with keys that are not here.</summary>
public sealed record ParkArchives(CommunityId CommunityId, InfoHash InfoHash, IReadOnlyDictionary<string, RatchetKeyId> MissingKeys)
    : IReport;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(ParkArchives command, Community community)
    {
        if (community.Importing?.InfoHash != command.InfoHash)
            return [];
        ParkedArchive[] parked =
        [
            .. command
                .MissingKeys.Select(missing => new ParkedArchive(ArchiveId.Parse(missing.Key), missing.Value))
                .Where(missing => community.ToImport.Contains(missing.Archive))
                .OrderBy(missing => missing.Archive.ToString(), StringComparer.Ordinal),
        ];
        return parked.Length > 0
            ? community.AndPerhapsTheLast(
                parked.Select(one => one.Archive),
                new ArchivesParked(command.CommunityId, command.InfoHash, parked)
            )
            : [];
    }
}
