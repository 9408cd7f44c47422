using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using Microsoft.Extensions.Options;

namespace EventArchive.Service;

/// <summary>Tells the other nodes, through the database, what this one serves and to how many: every few seconds what has changed.</summary>
public sealed class TellSeeding(NodeTorrents torrents, ITorrentEngine engine, FollowSeeds seeds, IOptions<NodeOptions> node)
{
    private readonly NodeOptions node = node.Value;
    private Dictionary<(CommunityId, InfoHash), NodeTorrent>? told;

    public async Task Tell(CancellationToken cancellation)
    {
        if (told is null)
            await torrents.Begin(node.Name, node.Roles, engine.Peer, cancellation);
        var before = told ?? [];
        // Until it is known to be written: after a failure everything is told anew.
        told = null;
        var now = Look(before);
        var changed = now.Where(one => !before.TryGetValue(one.Key, out var last) || last != one.Value).Select(one => one.Value).ToList();
        var gone = before.Keys.Where(key => !now.ContainsKey(key)).ToList();
        if (await torrents.Tell(node.Name, changed, gone, cancellation))
            told = now;
    }

    private Dictionary<(CommunityId, InfoHash), NodeTorrent> Look(Dictionary<(CommunityId, InfoHash), NodeTorrent> before)
    {
        var faults = seeds.Faults.ToDictionary(fault => (fault.CommunityId, fault.InfoHash));
        Dictionary<(CommunityId, InfoHash), NodeTorrent> now = [];
        foreach (var one in engine.List())
        {
            // What is served has its last failed try behind it, though its worker may not be done yet.
            var fault = one.Seeding ? null : faults.GetValueOrDefault((one.CommunityId, one.InfoHash))?.Reason ?? one.Fault;
            now[(one.CommunityId, one.InfoHash)] = new NodeTorrent(
                one.CommunityId,
                one.InfoHash,
                one.Seeding,
                one.DoneBytes,
                one.TotalBytes,
                one.Peers,
                one.UploadedBytes,
                // To the second of a clock that moves on: an idle torrent would look changed at every look.
                before.GetValueOrDefault((one.CommunityId, one.InfoHash))
                    is { } last
                && IsNear(last.LastActive, one.LastActive)
                    ? last.LastActive
                    : one.LastActive,
                fault
            );
        }
        foreach (var (key, fault) in faults)
            now.TryAdd(key, new NodeTorrent(key.CommunityId, key.InfoHash, Seeding: false, 0, 0, 0, 0, LastActive: null, fault.Reason));
        return now;
    }

    private static bool IsNear(DateTimeOffset? one, DateTimeOffset? other) =>
        one is { } a && other is { } b && (a - b).Duration() < TimeSpan.FromSeconds(2);
}
