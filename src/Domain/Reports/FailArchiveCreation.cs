using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The cut was given up after the last try.</summary>
public sealed record FailArchiveCreation(CommunityId CommunityId, ulong From, ulong To, string Reason) : IReport;
