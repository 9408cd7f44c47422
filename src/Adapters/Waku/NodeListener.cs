using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>
/// Hears through one node: by its relay, or where that does not subscribe, by its filter. It knows since when nothing can have been missed.
/// </summary>
internal sealed class NodeListener(NwakuClient node, WakuOptions options, TimeProvider time)
{
    /// <summary>A node whose peers are gone hears nothing and says so only when it is asked. Shorter than any <see cref="WakuOptions.Settle"/> in use.</summary>
    private static readonly TimeSpan HealthInterval = TimeSpan.FromSeconds(5);

    private readonly Dictionary<PubsubTopic, Session> sessions = [];
    private long? checkedAt;

    public NwakuClient Node => node;

    /// <summary>Takes what was heard on a shard since the last call.</summary>
    /// <returns>Null: the node had forgotten the subscription; the next call makes a new one.</returns>
    /// <exception cref="WakuException">The node does not answer, or refuses.</exception>
    public async Task<Listened?> Listen(PubsubTopic topic, IReadOnlySet<string> contentTopics, CancellationToken cancellation)
    {
        var isNew = !sessions.TryGetValue(topic, out var session);
        session ??= sessions[topic] = await Open(topic, contentTopics, cancellation);
        await CheckPeers(cancellation);
        if (session.Filters is { } filters && !contentTopics.IsSubsetOf(filters))
        {
            await node.Filter(topic, contentTopics.Except(filters), cancellation);
            filters.UnionWith(contentTopics);
        }
        var at = time.GetUtcNow();
        if (await Poll(topic, session, cancellation) is not { } polled)
        {
            sessions.Remove(topic);
            return null;
        }
        if (polled.Messages.Count + polled.Unreadable >= options.RelayCacheCapacity)
            session.Since = at;
        return new Listened(polled, isNew, session.Filters is not null, session.Since, at);
    }

    /// <summary>Nothing is known of the node: everything is subscribed anew.</summary>
    public void Forget() => sessions.Clear();

    private async Task<Session> Open(PubsubTopic topic, IReadOnlySet<string> contentTopics, CancellationToken cancellation)
    {
        try
        {
            await node.Subscribe([topic], cancellation);
            return new Session(time.GetUtcNow(), Filters: null);
        }
        catch (WakuException refused) when (!node.IsBroken)
        {
            try
            {
                await node.Filter(topic, contentTopics, cancellation);
                return new Session(time.GetUtcNow(), contentTopics.ToHashSet(StringComparer.Ordinal));
            }
            catch (WakuException second)
            {
                throw new WakuException($"{refused.Message} {second.Message}", second);
            }
        }
    }

    private async Task CheckPeers(CancellationToken cancellation)
    {
        if (checkedAt is { } at && time.GetElapsedTime(at) < HealthInterval)
            return;
        var alone = await node.Health(cancellation) is { IsAlone: true };
        foreach (var (topic, session) in sessions.ToList())
        {
            if (session.Filters is null && alone)
                session.Since = time.GetUtcNow();
            // A filter that was lost is asked for again.
            if (session.Filters is not null && !await node.IsFiltering(cancellation))
                sessions.Remove(topic);
        }
        checkedAt = alone ? null : time.GetTimestamp();
    }

    private async Task<PolledMessages?> Poll(PubsubTopic topic, Session session, CancellationToken cancellation)
    {
        if (session.Filters is null)
            return await node.Poll(topic, cancellation);
        List<WakuMessage> messages = [];
        var unreadable = 0;
        foreach (var contentTopic in session.Filters)
        {
            if (await node.PollFilter(contentTopic, cancellation) is not { } polled)
                return null;
            messages.AddRange(polled.Messages);
            unreadable += polled.Unreadable;
        }
        return new PolledMessages(messages, unreadable);
    }

    /// <param name="Filters">The content topics that a filter passes on; null: the relay gives everything.</param>
    private sealed record Session(DateTimeOffset Since, HashSet<string>? Filters)
    {
        public DateTimeOffset Since { get; set; } = Since;
    }
}

/// <param name="IsNew">The subscription was made just now: what was said before it is not among the messages.</param>
/// <param name="Since">From here on nothing can have been missed, up to <paramref name="At"/>.</param>
internal sealed record Listened(PolledMessages Polled, bool IsNew, bool Filtered, DateTimeOffset Since, DateTimeOffset At);
