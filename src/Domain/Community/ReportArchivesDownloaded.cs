using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(ReportArchivesDownloaded command, Community community)
    {
        ArchiveId[] news = [.. command.Archives.Where(archive => !community.Downloaded.Contains(archive)).Distinct()];
        return community.Downloading?.InfoHash == command.InfoHash && news.Length > 0
            ? [new ArchivesDownloaded(command.CommunityId, command.InfoHash, news, command.Total)]
            : [];
    }
}
