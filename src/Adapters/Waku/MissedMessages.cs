using System.Collections.Concurrent;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>
/// What was announced or described while nobody listened here, or what a process that was killed had taken and not handed on: asked of the stores, once for
/// each community and subscription, whichever node it was made at. Subscriptions may be told of from other threads.
/// </summary>
internal sealed class MissedMessages(WakuNodes nodes, WakuOptions options, TimeProvider time)
{
    /// <summary>Pages of 100 messages read for one question, the newest first: strangers can write to a channel too.</summary>
    public const int MaxPages = 10;

    private readonly ConcurrentDictionary<PubsubTopic, int> subscriptions = new();
    private readonly Dictionary<(CommunityId, PubsubTopic), int> asked = [];

    /// <summary>A subscription was made: what came before it was missed.</summary>
    public void Subscribed(PubsubTopic topic) => subscriptions.AddOrUpdate(topic, 1, (_, count) => count + 1);

    /// <summary>
    /// The announcements and descriptions of the communities that were not asked for since the last subscription, newest first, each once though several
    /// stores have it. None before there is a subscription: what is said meanwhile would be in neither.
    /// </summary>
    /// <exception cref="WakuException">No store answers.</exception>
    public async Task<IReadOnlyList<WakuMessage>> Fetch(
        PubsubTopic topic,
        IEnumerable<CommunityId> communities,
        CancellationToken cancellation
    )
    {
        List<WakuMessage> missed = [];
        if (!subscriptions.TryGetValue(topic, out var subscription))
            return missed;
        var since = time.GetUtcNow() - options.CatchUp;
        foreach (
            var some in communities
                .Where(community => asked.GetValueOrDefault((community, topic)) != subscription)
                .Chunk(StoreQuery.MaxContentTopics / 3)
        )
        {
            string[] channels = [.. some.SelectMany(MagnetlinkChannels.AndDescription).Select(chat => ContentTopic.OfChat(chat).Name)];
            missed.AddRange(await FetchFromAll(new StoreQuery(topic, channels, since, NewestFirst: true), cancellation));
            foreach (var community in some)
                asked[(community, topic)] = subscription;
        }
        return missed;
    }

    private async Task<IEnumerable<WakuMessage>> FetchFromAll(StoreQuery query, CancellationToken cancellation)
    {
        Dictionary<string, WakuMessage> byHash = [];
        WakuException? fault = null;
        var answered = false;
        foreach (var store in nodes.Stores)
        {
            try
            {
                string? cursor = null;
                for (var page = 0; page < MaxPages && (page == 0 || cursor is not null); page++)
                {
                    var stored = await store.Query(query, cursor, cancellation);
                    foreach (var message in stored.Messages)
                        byHash[Hex.Encode(message.Hash(query.PubsubTopic))] = message;
                    cursor = stored.Cursor;
                }
                answered = true;
            }
            catch (WakuException silence)
            {
                fault = silence;
            }
        }
        return answered || fault is null ? byHash.Values.OrderByDescending(message => message.Timestamp) : throw fault;
    }
}
