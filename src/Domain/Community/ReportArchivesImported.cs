using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(ReportArchivesImported command, Community community)
    {
        ArchiveId[] news = [.. command.Archives.Where(community.ToImport.Contains).Distinct()];
        return community.Importing?.InfoHash == command.InfoHash && news.Length > 0
            ? [new ArchivesImported(command.CommunityId, command.InfoHash, news, command.Messages, command.Repeats)]
            : [];
    }
}
