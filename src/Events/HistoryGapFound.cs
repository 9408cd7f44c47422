using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>
/// Nobody listened to these channels from From until To, and no store node could tell what was said. Archives of that time may lack messages.
/// It is asked for again: when it could be answered after all, <see cref="HistoryGapFilled"/> follows.
/// </summary>
/// <param name="From">Unix seconds.</param>
/// <param name="To">Unix seconds, not included.</param>
/// <param name="Reason">What the last store node answered, or why none could.</param>
public sealed record HistoryGapFound(
    CommunityId CommunityId,
    IReadOnlyList<ContentTopic> ContentTopics,
    ulong From,
    ulong To,
    string Reason
) : IEvent;
