using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>An archive cannot be read.</summary>
public sealed record QuarantineArchive(CommunityId CommunityId, InfoHash InfoHash, ArchiveId Archive, string Reason) : IReport;
