using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>A key of archives that were parked is here.</summary>
public sealed record ResumeImport(CommunityId CommunityId, InfoHash InfoHash) : IReport;
