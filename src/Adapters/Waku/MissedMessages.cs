using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>
/// What was sent to followed channels while nobody listened here, or what a process that was killed had taken and not handed on: asked of the
/// node's store, once for each community and subscription.
/// </summary>
internal sealed class MissedMessages(NwakuClient node, WakuOptions options, TimeProvider time)
{
    /// <summary>Communities of one question: their channels must fit into an address of a few kilobytes.</summary>
    public const int CommunitiesPerQuery = 10;

    /// <summary>Pages of 100 messages read for one question, the newest first: strangers can write to a channel too.</summary>
    public const int MaxPages = 10;

    private readonly HashSet<(CommunityId, PubsubTopic)> asked = [];

    /// <summary>The subscription was lost: what came meanwhile was missed.</summary>
    public void Forget(PubsubTopic topic) => asked.RemoveWhere(one => one.Item2 == topic);

    /// <summary>The messages of the communities that were not asked for yet, newest first.</summary>
    /// <exception cref="Handlers.WakuException">The node has no store, or it does not answer.</exception>
    public async Task<IReadOnlyList<WakuMessage>> Fetch(
        PubsubTopic topic,
        IEnumerable<CommunityId> communities,
        CancellationToken cancellation
    )
    {
        List<WakuMessage> missed = [];
        var since = time.GetUtcNow() - options.CatchUp;
        foreach (var some in communities.Where(community => !asked.Contains((community, topic))).Chunk(CommunitiesPerQuery))
        {
            string[] channels = [.. some.SelectMany(MagnetlinkChannels.AndDescription).Select(chat => ContentTopic.OfChat(chat).Name)];
            string? cursor = null;
            for (var page = 0; page < MaxPages && (page == 0 || cursor is not null); page++)
            {
                var stored = await node.Query(topic, channels, since, cursor, cancellation);
                missed.AddRange(stored.Messages);
                cursor = stored.Cursor;
            }
            asked.UnionWith(some.Select(community => (community, topic)));
        }
        return missed;
    }
}
