using EventArchive.Events;
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

/// <summary>What was said on these channels from From until To (Unix seconds, not included) is recorded, as a store node told it.</summary>
public sealed record ReportHistoryFilled(CommunityId CommunityId, IReadOnlyList<ContentTopic> ContentTopics, ulong From, ulong To)
    : IReport;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(ReportHistoryGap command, Community community)
    {
        var range = Range(command.From, command.To);
        ContentTopic[] news = [.. command.ContentTopics.Distinct().Where(topic => !range.Without(community.GapsOf(topic)).IsEmpty)];
        return news.Length == 0 ? [] : [new HistoryGapFound(command.CommunityId, news, command.From, command.To, command.Reason)];
    }

    private static IReadOnlyList<IEvent> Decide(ReportHistoryFilled command, Community community)
    {
        var range = new TimeRange(command.From, command.To);
        ContentTopic[] filled = [.. command.ContentTopics.Distinct().Where(topic => !community.GapsOf(topic).Within(range).IsEmpty)];
        return filled.Length == 0 ? [] : [new HistoryGapFilled(command.CommunityId, filled, command.From, command.To)];
    }

    private static TimeRanges Range(ulong from, ulong to) => TimeRanges.Of(new TimeRange(from, to));

    private TimeRanges GapsOf(ContentTopic topic) =>
        TimeRanges.Of(Gaps.Where(gap => gap.ContentTopic == topic).Select(gap => new TimeRange(gap.From, gap.To)));

    private Community ChangeGaps(IReadOnlyList<ContentTopic> topics, Func<TimeRanges, TimeRanges> change) =>
        this with
        {
            Gaps =
            [
                .. Gaps.Where(gap => !topics.Contains(gap.ContentTopic)),
                .. topics.SelectMany(topic => change(GapsOf(topic)).List.Select(range => new HistoryGap(topic, range.From, range.To))),
            ],
        };
}
