using System.Data.Common;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using Microsoft.Extensions.Options;

namespace EventArchive.Service;

/// <summary>Tells the other nodes, through the database, what this one serves and to how many: every few seconds what has changed.</summary>
public sealed partial class TellSeeding(
    NodeTorrents torrents,
    ITorrentEngine engine,
    FollowSeeds seeds,
    IOptions<NodeOptions> node,
    TimeProvider time,
    ILogger<TellSeeding> log
) : BackgroundService
{
    private readonly NodeOptions node = node.Value;
    private Dictionary<(CommunityId, InfoHash), NodeTorrent>? told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(node.TellInterval, time);
        do
        {
            try
            {
                await Tell(stoppingToken);
            }
            catch (Exception fault) when (fault is DbException or TimeoutException or TorrentException)
            {
                // Whether it was written is not known: everything is told anew.
                told = null;
                LogNotTold(fault);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Tell(CancellationToken cancellation)
    {
        if (told is null)
        {
            await torrents.Begin(node.Name, node.Roles, engine.Peer, cancellation);
            told = [];
        }
        var now = Look();
        var changed = now.Where(one => !told.TryGetValue(one.Key, out var before) || before != one.Value).Select(one => one.Value).ToList();
        var gone = told.Keys.Where(key => !now.ContainsKey(key)).ToList();
        told = await torrents.Tell(node.Name, changed, gone, cancellation) ? now : null;
    }

    private Dictionary<(CommunityId, InfoHash), NodeTorrent> Look()
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
                told?.GetValueOrDefault((one.CommunityId, one.InfoHash))
                    is { } before
                && IsNear(before.LastActive, one.LastActive)
                    ? before.LastActive
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

    [LoggerMessage(1261, LogLevel.Warning, "What this node serves could not be told, trying again")]
    private partial void LogNotTold(Exception fault);
}
