using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The announcement was given up after the last try.</summary>
public sealed record FailAnnouncement(CommunityId CommunityId, Clock Clock, string Reason) : IReport;
