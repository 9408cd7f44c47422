using System.Collections.Concurrent;
using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Projections;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary>Whose channels are listened to: every community in this service's care. Of those that are archived here the messages are recorded.</summary>
public sealed class FollowedCommunities(ProjectionReader projections)
{
    private readonly ConcurrentDictionary<CommunityId, FollowedCommunity> followed = new();

    /// <summary>Counts a community in at once, ahead of the projection, so that its next announcement is not missed.</summary>
    public void Add(HistoryArchivesEnabled enabled) =>
        followed[enabled.CommunityId] = new(enabled.CommunityId, enabled.PubsubTopic, enabled.ControlNode, enabled.ChatIds);

    public async Task<IReadOnlyList<FollowedCommunity>> List(CancellationToken cancellation)
    {
        await foreach (var row in projections.List(AllProjections.Communities, community: null, cancellation))
            followed[row.CommunityId] = new(row.CommunityId, row.PubsubTopic, row.ControlNode, row.ChatIds);
        return [.. followed.Values];
    }
}
