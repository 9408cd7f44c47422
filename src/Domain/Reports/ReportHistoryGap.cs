using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>From From until To (Unix seconds, not included) nobody listened to these channels, and no store node could tell what was said.</summary>
public sealed record ReportHistoryGap(
    CommunityId CommunityId,
    IReadOnlyList<ContentTopic> ContentTopics,
    ulong From,
    ulong To,
    string Reason
) : IReport;
