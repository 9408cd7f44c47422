using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>A store node told what was said on these channels from From until To: as far as it was a gap it is one no longer.</summary>
/// <param name="From">Unix seconds.</param>
/// <param name="To">Unix seconds, not included.</param>
public sealed record HistoryGapFilled(CommunityId CommunityId, IReadOnlyList<ContentTopic> ContentTopics, ulong From, ulong To) : IEvent;
