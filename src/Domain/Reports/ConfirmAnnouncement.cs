using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>A Waku node accepted the announcement on these content topics.</summary>
public sealed record ConfirmAnnouncement(CommunityId CommunityId, Clock Clock, IReadOnlyList<string> ContentTopics) : IReport;
