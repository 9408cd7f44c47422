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
