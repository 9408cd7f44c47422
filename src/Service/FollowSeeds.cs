using System.Collections.Concurrent;
using EventArchive.Domain;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using Microsoft.Extensions.Options;

namespace EventArchive.Service;

/// <summary>
/// Keeps a seeder at what the projections say: every community's present torrent is fetched from the swarm where it is not on this disk, the node
/// that made it asked first, then seeded and reported. What no message told is found by a look every <see cref="NodeOptions.SeedSweep"/>, so
/// that a node which was away for a week has what it missed. A node that is no seeder lets go of what a seeder has taken over.
/// </summary>
public sealed partial class FollowSeeds(
    SeedQueue queue,
    NodeTorrents torrents,
    CommunityStore communities,
    FetchTorrents fetch,
    ResumeSeeding resumed,
    ITorrentEngine engine,
    IOptions<NodeOptions> node,
    IOptions<WorkOptions> work,
    TimeProvider time,
    ILogger<FollowSeeds> log
)
{
    private readonly NodeOptions node = node.Value;
    private readonly WorkOptions work = work.Value;
    private readonly ConcurrentDictionary<CommunityId, SeedFault> faults = new();

    /// <summary>What this node ought to seed and could not fetch or begin so far.</summary>
    public IReadOnlyCollection<SeedFault> Faults => [.. faults.Values];

    /// <summary>Finds what no message told.</summary>
    public async Task Sweep(CancellationToken cancellation)
    {
        if (node.Has(NodeRoles.Seeder))
            await AddWanted(cancellation);
        else if (engine.List() is { Count: > 0 } loaded)
            await AddTaken(loaded, cancellation);
    }

    private async Task AddWanted(CancellationToken cancellation)
    {
        // One whose files are away is loaded too: the engine serves it again when they are back, and fetches nothing over them.
        var loaded = engine.List().Select(one => one.InfoHash).ToHashSet();
        var now = time.GetUtcNow();
        foreach (var wanted in await torrents.ListWanted(node.Name, engine.Peer, node.AwayAfter, cancellation))
        {
            if (wanted.Confirmed && loaded.Contains(wanted.InfoHash))
                continue;
            var fault = faults.GetValueOrDefault(wanted.CommunityId) is { } last && last.InfoHash == wanted.InfoHash ? last : null;
            if (fault is null || fault.NextTry <= now)
                queue.Add(wanted.CommunityId, new SeedNeed(fault?.Tries ?? 0, wanted.Others));
        }
    }

    /// <summary>One question for all: those that wait for a seeder may be thousands.</summary>
    private async Task AddTaken(IReadOnlyList<TorrentStatus> loaded, CancellationToken cancellation)
    {
        var taken = await torrents.ListTaken(node.Name, cancellation);
        foreach (var one in loaded.Where(one => taken.Contains((one.CommunityId, one.InfoHash))))
            queue.Add(one.CommunityId, default);
    }

    /// <summary>Waits for one community and looks at it.</summary>
    public async Task Work(CancellationToken cancellation)
    {
        var community = await queue.Take(cancellation).FirstAsync(cancellation);
        try
        {
            await Follow(community, cancellation);
        }
        finally
        {
            queue.Done(community);
        }
    }

    private async Task Follow(CommunityId id, CancellationToken cancellation)
    {
        Torrent? torrent = null;
        try
        {
            if (!resumed.RootIsThere)
                return;
            var (community, _) = await communities.Load(id, cancellation);
            torrent = community.Torrent;
            if (torrent is null)
                return;
            if (!node.Has(NodeRoles.Seeder))
                await fetch.LetGo(community, torrent, cancellation);
            // What was made here is pending work of this node; here it would be reported a second time.
            else if (torrent.Node != node.Name || community.Seeders.Count > 0)
            {
                RequireFiles(id);
                await fetch.Seed(community, torrent, cancellation);
            }
            faults.TryRemove(id, out _);
        }
        // Whatever is wrong with one community: it is kept with its reason and tried again later, and the others go on.
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            if (torrent is not null)
                Keep(id, torrent.InfoHash, fault);
            else
                LogNotLoaded(fault, id.ToString());
        }
    }

    /// <summary>Where the files of the torrent before are away or damaged, the next one would be fetched over whatever happened to them.</summary>
    private void RequireFiles(CommunityId id)
    {
        if (engine.List(id).FirstOrDefault(one => one.Fault is not null) is { } away)
            throw new TorrentException($"Torrent {away.InfoHash}, which this node has, is not served: {away.Fault}");
    }

    private void Keep(CommunityId id, InfoHash infoHash, Exception fault)
    {
        var tries = faults.TryGetValue(id, out var before) && before.InfoHash == infoHash ? before.Tries + 1 : 1;
        var delay = Math.Min(work.FirstDelay.TotalSeconds * Math.Pow(2, Math.Min(tries, 30) - 1), work.MaxDelay.TotalSeconds);
        var next = time.GetUtcNow().AddSeconds(delay * (1 + (Random.Shared.NextDouble() / 4)));
        faults[id] = new SeedFault(id, infoHash, tries, next, fault.Message);
        LogNotSeeded(fault, infoHash.ToString(), id.ToString(), tries, next);
    }

    [LoggerMessage(1211, LogLevel.Warning, "Torrent {InfoHash} of community {Community} is not seeded here yet, try {Try}; next {Next:u}")]
    private partial void LogNotSeeded(Exception fault, string infoHash, string community, int @try, DateTimeOffset next);

    [LoggerMessage(1212, LogLevel.Warning, "What community {Community} has to seed could not be looked up; the next sweep names it again")]
    private partial void LogNotLoaded(Exception fault, string community);
}

/// <summary>A torrent that this node does not have although it should.</summary>
public sealed record SeedFault(CommunityId CommunityId, InfoHash InfoHash, int Tries, DateTimeOffset NextTry, string Reason);
