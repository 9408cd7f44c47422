using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>Of which times it is known what was said on the channels of a community, so that nothing is missed unnoticed.</summary>
public interface ICoverage
{
    /// <summary>The channels that are wanted.</summary>
    Task<IReadOnlyList<TopicCoverage>> List(CommunityId community, CancellationToken cancellation);

    /// <summary>From now on these channels are wanted, from a second on; of those that are wanted already nothing changes.</summary>
    Task Want(CommunityId community, IReadOnlyList<ContentTopic> topics, ulong from, CancellationToken cancellation);

    /// <summary>Adds a range to channels that are wanted; the others are passed over.</summary>
    Task Add(CommunityId community, IReadOnlyList<ContentTopic> topics, Coverage kind, TimeRanges ranges, CancellationToken cancellation);
}

/// <summary>How it is known what was said.</summary>
public enum Coverage
{
    /// <summary>Somebody listened all the time, or some of the store nodes gave all they had. A message may be missing all the same.</summary>
    Heard,

    /// <summary>Every store node gave all it had: it is not asked for again.</summary>
    Filled,

    /// <summary>It is not known: this was reported as a gap. What is told later is one no longer.</summary>
    Gap,
}

/// <param name="WantedFrom">Unix seconds: what was said before is nobody's concern here.</param>
public sealed record TopicCoverage(ContentTopic ContentTopic, ulong WantedFrom, TimeRanges Heard, TimeRanges Filled, TimeRanges Gaps)
{
    public static TopicCoverage Wanted(ContentTopic topic, ulong from) =>
        new(topic, from, TimeRanges.None, TimeRanges.None, TimeRanges.None);

    /// <summary>What nobody heard and no store told, up to a second.</summary>
    public TimeRanges Unknown(ulong until) => TimeRanges.Of(new TimeRange(WantedFrom, until)).Without(Filled).Without(Heard);

    public TopicCoverage With(Coverage kind, TimeRanges ranges) =>
        kind switch
        {
            Coverage.Heard => this with { Heard = Heard.With(ranges), Gaps = Gaps.Without(ranges) },
            Coverage.Filled => this with { Filled = Filled.With(ranges), Heard = Heard.Without(ranges), Gaps = Gaps.Without(ranges) },
            _ => this with { Gaps = Gaps.With(ranges) },
        };
}
