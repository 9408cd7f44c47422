using EventArchive.Domain;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging;

namespace EventArchive.Waku;

/// <summary>
/// Keeps account of which times were heard on the channels of archived communities, and asks all stores for the others, oldest first. What no
/// store could tell is reported as a gap and asked for ever after.
/// </summary>
internal sealed partial class GapFiller(
    WakuNodes nodes,
    MessageRecorder recorder,
    LiveRanges live,
    ICoverage coverage,
    Func<IReport, CancellationToken, Task> report,
    WakuOptions options,
    TimeProvider time,
    ILogger<GapFiller> log
)
{
    /// <summary>A question is about this much time at most, so that what was answered is not asked again after a failure.</summary>
    private const ulong SliceSeconds = 24 * 3600;

    /// <summary>A million messages of ten channels in a day: more is a store that makes them up.</summary>
    private const int MaxPages = 10_000;

    /// <summary>Stores forget at a moment of their own.</summary>
    private static readonly TimeSpan RetentionSlack = TimeSpan.FromHours(1);

    private readonly Dictionary<(CommunityId, PubsubTopic), long> failingSince = [];
    private long? recheckedAt;
    private string? silence;

    /// <summary>Enters what was heard, then asks for what was not.</summary>
    public async Task Round(FollowedList list, CancellationToken cancellation)
    {
        var recheck = options.Recheck > TimeSpan.Zero && (recheckedAt is not { } at || time.GetElapsedTime(at) >= options.Recheck);
        if (recheck)
            recheckedAt = time.GetTimestamp();
        silence = null;
        foreach (var channels in list.Channels.Recorded)
        {
            var (community, pubsubTopic) = channels.Key;
            await coverage.Want(community, [.. channels.Select(channel => channel.Topic)], Second(-options.StoreRetention), cancellation);
            foreach (var since in channels.GroupBy(list.Since))
                await coverage.Add(
                    community,
                    [.. since.Select(channel => channel.Topic)],
                    Coverage.Heard,
                    live.Of(pubsubTopic, since.Key),
                    cancellation
                );
            var topics = channels.Select(channel => channel.Topic).ToHashSet();
            var rows = (await coverage.List(community, cancellation)).Where(row => topics.Contains(row.ContentTopic)).ToList();
            await Ask(community, pubsubTopic, rows, recheck, list.Channels, cancellation);
        }
    }

    private async Task Ask(
        CommunityId community,
        PubsubTopic pubsubTopic,
        IReadOnlyList<TopicCoverage> rows,
        bool recheck,
        FollowedChannels channels,
        CancellationToken cancellation
    )
    {
        var (oldest, newest) = (Second(-options.StoreRetention - RetentionSlack), Second(-options.Settle));
        // Channels with the same history, as nearly all have, are asked for together.
        foreach (var alike in rows.GroupBy(row => (Unknown: row.Unknown(newest), row.Filled, row.Gaps)))
        foreach (var some in alike.Chunk(StoreQuery.MaxContentTopics))
        {
            var (unknown, filled, gaps) = alike.Key;
            var question = new Question(community, pubsubTopic, [.. some.Select(row => row.ContentTopic)], gaps);
            unknown = await AskForUnknown(question, unknown, new TimeRange(oldest, newest), channels, cancellation);
            if (recheck)
            {
                var wanted = TimeRanges.Of(new TimeRange(Math.Max(oldest, some.Min(row => row.WantedFrom)), newest));
                await AskAgain(question, wanted.Without(filled).Without(alike.Key.Unknown), channels, cancellation);
            }
            await ReportGaps(
                question,
                unknown.Without(gaps).Within(new TimeRange(0, oldest)),
                $"It is longer ago than the {options.StoreRetention.TotalDays:0.#} days for which stores keep messages (Waku:StoreRetention).",
                cancellation
            );
        }
    }

    /// <summary>What nobody heard, the oldest first: stores forget it first.</summary>
    /// <returns>What is still not known.</returns>
    private async Task<TimeRanges> AskForUnknown(
        Question question,
        TimeRanges unknown,
        TimeRange kept,
        FollowedChannels channels,
        CancellationToken cancellation
    )
    {
        var key = (question.Community, question.PubsubTopic);
        foreach (var slice in unknown.Within(kept).Slices(SliceSeconds))
        {
            var (answers, fault) = await Fill(question, slice, channels, cancellation);
            if (answers == 0)
            {
                _ = failingSince.TryAdd(key, time.GetTimestamp());
                if (time.GetElapsedTime(failingSince[key]) >= options.GapPatience)
                    await ReportGaps(question, Closed(unknown.Without(question.Gaps), kept.To), fault, cancellation);
                break;
            }
            await Enter(question, slice, answers, cancellation);
            unknown = unknown.Without(TimeRanges.Of(slice));
            _ = failingSince.Remove(key);
        }
        return unknown;
    }

    /// <summary>
    /// What was heard, or told by some of the stores: relays lose messages, and stores have holes. The newest first, and no further while a store
    /// is silent, since all of it would have to be asked for again.
    /// </summary>
    private async Task AskAgain(Question question, TimeRanges heard, FollowedChannels channels, CancellationToken cancellation)
    {
        foreach (var slice in heard.Slices(SliceSeconds).Reverse())
        {
            var (answers, _) = await Fill(question, slice, channels, cancellation);
            if (answers > 0)
                await Enter(question, slice, answers, cancellation);
            if (answers < nodes.Stores.Count)
                break;
        }
    }

    /// <summary>What every store was asked for is final. What only some told counts as heard.</summary>
    private async Task Enter(Question question, TimeRange slice, int answers, CancellationToken cancellation)
    {
        if (!question.Gaps.Within(slice).IsEmpty)
            await report(new ReportHistoryFilled(question.Community, question.Topics, slice.From, slice.To), cancellation);
        var kind = answers == nodes.Stores.Count ? Coverage.Filled : Coverage.Heard;
        await coverage.Add(question.Community, question.Topics, kind, TimeRanges.Of(slice), cancellation);
    }

    /// <returns>How many stores gave all they have, and why the last of the others did not.</returns>
    private async Task<(int Answers, string Fault)> Fill(
        Question question,
        TimeRange slice,
        FollowedChannels channels,
        CancellationToken cancellation
    )
    {
        // Stores that were silent just now are not waited for again for every other channel.
        if (silence is not null)
            return (0, silence);
        var query = new StoreQuery(
            question.PubsubTopic,
            [.. question.Topics.Select(topic => topic.Name)],
            DateTimeOffset.FromUnixTimeSeconds((long)slice.From),
            DateTimeOffset.FromUnixTimeSeconds((long)slice.To)
        );
        var (recorded, answers) = (0L, 0);
        var fault = "";
        // All of them: stores disagree on what they hold.
        foreach (var store in nodes.Stores)
        {
            try
            {
                await foreach (var page in store.QueryAll(query, MaxPages, cancellation))
                    recorded += await recorder.Record(question.PubsubTopic, page.Messages, channels, cancellation);
                answers++;
            }
            catch (WakuException noAnswer)
            {
                fault = noAnswer.Message;
            }
        }
        if (recorded > 0)
            LogFilled(recorded, question.Community, query.From, query.To!.Value, answers);
        if (answers == 0)
            silence = fault;
        return (answers, fault);
    }

    private async Task ReportGaps(Question question, TimeRanges gaps, string reason, CancellationToken cancellation)
    {
        foreach (var gap in gaps.List)
        {
            LogGap(
                question.Community,
                DateTimeOffset.FromUnixTimeSeconds((long)gap.From),
                DateTimeOffset.FromUnixTimeSeconds((long)gap.To),
                reason
            );
            await report(new ReportHistoryGap(question.Community, question.Topics, gap.From, gap.To, reason), cancellation);
            await coverage.Add(question.Community, question.Topics, Coverage.Gap, TimeRanges.Of(gap), cancellation);
        }
    }

    /// <summary>A gap that still grows is told by whole days, so that an outage is not an event for every look at it.</summary>
    private static TimeRanges Closed(TimeRanges unknown, ulong newest) =>
        TimeRanges.Of(
            unknown.List.Select(range =>
                range.To < newest ? range : range with { To = range.From + ((range.To - range.From) / SliceSeconds * SliceSeconds) }
            )
        );

    private ulong Second(TimeSpan fromNow) => (ulong)(time.GetUtcNow() + fromNow).ToUnixTimeSeconds();

    private sealed record Question(CommunityId Community, PubsubTopic PubsubTopic, IReadOnlyList<ContentTopic> Topics, TimeRanges Gaps);

    [LoggerMessage(
        21,
        LogLevel.Information,
        "{Count} missed messages of {Community} between {From:u} and {To:u} came from {Stores} stores"
    )]
    private partial void LogFilled(long count, CommunityId community, DateTimeOffset from, DateTimeOffset to, int stores);

    [LoggerMessage(22, LogLevel.Warning, "What was said in {Community} between {From:u} and {To:u} is not known: {Reason}")]
    private partial void LogGap(CommunityId community, DateTimeOffset from, DateTimeOffset to, string reason);
}
