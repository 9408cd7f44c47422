using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>These archives arrived and are verified.</summary>
public sealed record ReportArchivesDownloaded(CommunityId CommunityId, InfoHash InfoHash, IReadOnlyList<ArchiveId> Archives, int Total)
    : IReport;
