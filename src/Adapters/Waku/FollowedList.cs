using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>Who is followed at present, and since when which channel is. It ends when a newer one takes its place.</summary>
internal sealed class FollowedList
{
    public static FollowedList Empty => new(FollowedChannels.None, former: null, default);

    private readonly TaskCompletionSource replaced;
    private readonly Dictionary<FollowedChannel, DateTimeOffset> since;

    public FollowedList(FollowedChannels channels, FollowedList? former, DateTimeOffset now)
    {
        Channels = channels;
        since = channels
            .Recorded.SelectMany(channel => channel)
            .ToDictionary(channel => channel, channel => former?.since.GetValueOrDefault(channel, now) ?? now);
        var isNews =
            former is null
            || !since.Keys.ToHashSet().SetEquals(former.since.Keys)
            || !channels.PubsubTopics.SequenceEqual(former.Channels.PubsubTopics);
        // Whoever pauses waits for other channels, not for the next reading of the same.
        replaced = isNews || former is null ? new(TaskCreationOptions.RunContinuationsAsynchronously) : former.replaced;
        if (isNews)
            former?.replaced.TrySetResult();
    }

    public FollowedChannels Channels { get; }

    public DateTimeOffset Since(FollowedChannel channel) => since[channel];

    /// <summary>Waits, and no longer when other communities are followed.</summary>
    public async Task Pause(TimeSpan pause, TimeProvider time, CancellationToken cancellation)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(Task.Delay(pause, time, waiting.Token), replaced.Task);
        await waiting.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }
}
