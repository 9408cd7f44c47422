using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(CompleteImport command, Community community)
    {
        if (community.Importing?.InfoHash != command.InfoHash)
            return [];
        return community.ToImport.IsEmpty
            ? [new HistoryImported(command.CommunityId, command.InfoHash)]
            : throw new CommandRefused("import_incomplete", $"{community.ToImport.Count} archives are neither imported nor quarantined.");
    }
}
