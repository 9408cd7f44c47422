using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>
/// What was announced while nobody listened here, or what a process that was killed had taken and not handed on: asked of the stores, once for
/// each community and subscription.
/// </summary>
internal sealed class MissedMessages(WakuNodes nodes, WakuOptions options, TimeProvider time)
{
    /// <summary>Pages of 100 messages read for one question, the newest first: strangers can write to a channel too.</summary>
    public const int MaxPages = 10;

    private readonly HashSet<(CommunityId, PubsubTopic)> asked = [];

    /// <summary>The subscription was lost: what came meanwhile was missed.</summary>
    public void Forget(PubsubTopic topic) => asked.RemoveWhere(one => one.Item2 == topic);

    /// <summary>The announcements of the communities that were not asked for yet, newest first, each once though several stores have it.</summary>
    /// <exception cref="WakuException">No store answers.</exception>
    public async Task<IReadOnlyList<WakuMessage>> Fetch(
        PubsubTopic topic,
        IEnumerable<CommunityId> communities,
        CancellationToken cancellation
    )
    {
        List<WakuMessage> missed = [];
        var since = time.GetUtcNow() - options.CatchUp;
        foreach (var some in communities.Where(community => !asked.Contains((community, topic))).Chunk(StoreQuery.MaxContentTopics / 2))
        {
            string[] channels = [.. some.SelectMany(MagnetlinkChannels.Of).Select(chat => ContentTopic.OfChat(chat).Name)];
            missed.AddRange(await FetchFromAll(new StoreQuery(topic, channels, since, NewestFirst: true), cancellation));
            asked.UnionWith(some.Select(community => (community, topic)));
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
