using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>What a store is asked for.</summary>
/// <param name="ContentTopics">Full names; at most <see cref="MaxContentTopics"/>.</param>
/// <param name="From">The oldest timestamp.</param>
/// <param name="To">The first timestamp that is too new; null: up to the newest.</param>
/// <param name="NewestFirst">The order of the pages.</param>
public sealed record StoreQuery(
    PubsubTopic PubsubTopic,
    IReadOnlyList<string> ContentTopics,
    DateTimeOffset From,
    DateTimeOffset? To = null,
    bool NewestFirst = false
)
{
    /// <summary>More than this a store refuses, or the address becomes too long.</summary>
    public const int MaxContentTopics = 10;

    private const long NanosecondsPerTick = 100;

    internal string ToPath(int pageSize, string? cursor) =>
        $"store/v3/messages?includeData=true&pubsubTopic={Uri.EscapeDataString(PubsubTopic.ToString())}"
        + $"&contentTopics={Uri.EscapeDataString(string.Join(',', ContentTopics))}"
        + $"&startTime={Nanoseconds(From)}"
        + (To is { } to ? $"&endTime={Nanoseconds(to) - 1}" : "")
        + $"&pageSize={pageSize}&ascending={(NewestFirst ? "false" : "true")}"
        + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}");

    private static long Nanoseconds(DateTimeOffset moment) => (moment - DateTimeOffset.UnixEpoch).Ticks * NanosecondsPerTick;
}
