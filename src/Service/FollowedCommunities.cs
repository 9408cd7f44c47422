using System.Collections.Concurrent;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;

namespace EventArchive.Service;

/// <summary>Whose announcements are listened for: every community in this service's care.</summary>
public sealed class FollowedCommunities(PostgresMagnetlinkClocks clocks, IEventStore store)
{
    // A community's shard is fixed by its first event.
    private readonly ConcurrentDictionary<CommunityId, PubsubTopic> topics = new();

    /// <summary>Counts a community in at once, ahead of the projection, so that its next announcement is not missed.</summary>
    public void Add(HistoryArchivesEnabled enabled) => topics[enabled.CommunityId] = enabled.PubsubTopic;

    public async Task<IReadOnlyList<(CommunityId, PubsubTopic)>> List(CancellationToken cancellation)
    {
        foreach (var id in (await clocks.ListCommunities(cancellation)).Where(id => !topics.ContainsKey(id)))
        {
            var recorded = await store.ReadStream(Community.StreamId(id), 0, cancellation);
            topics[id] = recorded.Aggregate(Community.Initial, (state, e) => Community.Evolve(state, e.Event)).PubsubTopic;
        }
        return [.. topics.Select(followed => (followed.Key, followed.Value))];
    }
}
