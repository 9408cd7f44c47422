using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The messages of these archives are in the message table.</summary>
public sealed record ReportArchivesImported(
    CommunityId CommunityId,
    InfoHash InfoHash,
    IReadOnlyList<ArchiveId> Archives,
    long Messages,
    long Repeats
) : IReport;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(ReportArchivesImported command, Community community)
    {
        ArchiveId[] news = [.. command.Archives.Where(community.ToImport.Contains).Distinct()];
        return community.Importing?.InfoHash == command.InfoHash && news.Length > 0
            ? community.AndPerhapsTheLast(
                news,
                new ArchivesImported(command.CommunityId, command.InfoHash, news, command.Messages, command.Repeats)
            )
            : [];
    }

    private IReadOnlyList<IEvent> AndPerhapsTheLast(IEnumerable<ArchiveId> done, IEvent @event) =>
        ToImport.Except(done).IsEmpty ? [@event, new HistoryImported(Id!, Importing!.InfoHash)] : [@event];
}
