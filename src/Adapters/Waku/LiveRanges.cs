using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>Which times were heard live on each shard, whichever node heard them. Safe for many threads.</summary>
internal sealed class LiveRanges(TimeSpan settle)
{
    private readonly Lock gate = new();
    private readonly Dictionary<(Uri Node, PubsubTopic Topic), (DateTimeOffset Since, DateTimeOffset Until)> now = [];
    private readonly Dictionary<PubsubTopic, TimeRanges> before = [];

    /// <summary>From then until then a node heard everything, and all of it is recorded.</summary>
    public void Heard(Uri node, PubsubTopic topic, DateTimeOffset since, DateTimeOffset until)
    {
        lock (gate)
        {
            if (now.TryGetValue((node, topic), out var present) && present.Since != since)
                before[topic] = before.GetValueOrDefault(topic, TimeRanges.None).With(Settled(present.Since, present.Until));
            now[(node, topic)] = (since, until);
        }
    }

    /// <summary>What was heard on a shard after a channel there was listened to.</summary>
    public TimeRanges Of(PubsubTopic topic, DateTimeOffset followedSince)
    {
        lock (gate)
        {
            var ranges = before.GetValueOrDefault(topic, TimeRanges.None);
            foreach (var ((_, of), (since, until)) in now)
            {
                if (of == topic)
                    ranges = ranges.With(Settled(since, until));
            }
            return ranges.Within(new TimeRange(Ceiling(followedSince + settle), ulong.MaxValue));
        }
    }

    /// <summary>Messages carry their sender's time, and take theirs: the ends of a time are not sure.</summary>
    private TimeRanges Settled(DateTimeOffset since, DateTimeOffset until) =>
        TimeRanges.Of(new TimeRange(Ceiling(since + settle), (ulong)(until - settle).ToUnixTimeSeconds()));

    private static ulong Ceiling(DateTimeOffset moment) => (ulong)(moment + TimeSpan.FromSeconds(1)).ToUnixTimeSeconds();
}
