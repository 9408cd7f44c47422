using System.Collections.Concurrent;
using EventArchive.Domain;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;

namespace EventArchive.Service;

/// <summary>Whose announcements are listened for: every community in this service's care.</summary>
public sealed class FollowedCommunities(PostgresMagnetlinkClocks clocks, IEventStore store)
{
    // A community's shard is fixed by its first event.
    private readonly ConcurrentDictionary<CommunityId, PubsubTopic> topics = new();

    public async Task<IReadOnlyList<(CommunityId, PubsubTopic)>> List(CancellationToken cancellation)
    {
        var followed = new List<(CommunityId, PubsubTopic)>();
        foreach (var id in await clocks.ListCommunities(cancellation))
        {
            if (!topics.TryGetValue(id, out var topic) || topic is null)
            {
                var recorded = await store.ReadStream(Community.StreamId(id), 0, cancellation);
                topic = recorded.Aggregate(Community.Initial, (state, e) => Community.Evolve(state, e.Event)).PubsubTopic;
                topics[id] = topic;
            }
            followed.Add((id, topic));
        }
        return followed;
    }
}
