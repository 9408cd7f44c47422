using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>These archives arrived and are verified.</summary>
public sealed record ReportArchivesDownloaded(CommunityId CommunityId, InfoHash InfoHash, IReadOnlyList<ArchiveId> Archives, int Total)
    : IReport;

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
