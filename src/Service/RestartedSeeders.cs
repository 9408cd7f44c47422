using System.Collections.Concurrent;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>When this node last began to serve again the torrent of a community: members that lost it hear of it before its regular time.</summary>
public sealed class RestartedSeeders
{
    private readonly ConcurrentDictionary<CommunityId, DateTimeOffset> restarts = new();

    public void Add(CommunityId community, DateTimeOffset at) => restarts[community] = at;

    public DateTimeOffset? Find(CommunityId community) => restarts.TryGetValue(community, out var at) ? at : null;
}
