using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>What was said on these channels from From until To (Unix seconds, not included) is recorded, as a store node told it.</summary>
public sealed record ReportHistoryFilled(CommunityId CommunityId, IReadOnlyList<ContentTopic> ContentTopics, ulong From, ulong To)
    : IReport;
