using System.Collections.Concurrent;
using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Projections;

namespace EventArchive.Service;

/// <summary>Whose announcements are listened for: every community in this service's care.</summary>
public sealed class FollowedCommunities(ProjectionReader projections)
{
    private readonly ConcurrentDictionary<CommunityId, PubsubTopic> topics = new();

    /// <summary>Counts a community in at once, ahead of the projection, so that its next announcement is not missed.</summary>
    public void Add(HistoryArchivesEnabled enabled) => topics[enabled.CommunityId] = enabled.PubsubTopic;

    public async Task<IReadOnlyList<(CommunityId, PubsubTopic)>> List(CancellationToken cancellation)
    {
        await foreach (var row in projections.List(AllProjections.Communities, community: null, cancellation))
            topics[row.CommunityId] = row.PubsubTopic;
        return [.. topics.Select(followed => (followed.Key, followed.Value))];
    }
}
