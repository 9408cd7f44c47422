using EventArchive.Archives;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Postgres;
using EventArchive.Waku;
using MassTransit;

namespace EventArchive.Service;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: database, bus, archive root and every subscription work, a Waku node is there, nothing is parked
/// but for want of a key, every background loop turns, and no torrent of the deployment goes unseeded for long; 503 otherwise, with the reasons.
/// </summary>
public static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Ok(new { status = "live" }));
        app.MapGet("/health/ready", Ready);
    }

    /// <summary>A disk that goes takes many torrents along: some of them say enough.</summary>
    private const int MaxTorrentFaults = 10;

    private static async Task<IResult> Ready(
        ProjectionHealth subscriptions,
        IPendingWork pending,
        ArchiveRoot root,
        IBusControl bus,
        ITorrentEngine engine,
        KeepSchedule schedule,
        WakuNodes waku,
        WatchSeeding seeding,
        BackgroundLoops loops,
        CancellationToken cancellation
    )
    {
        List<string> faults = [];
        var databaseIsAway = false;
        IReadOnlyList<ProjectionStatus> moving = [];
        IReadOnlyList<ParkedWork> parked = [];
        try
        {
            moving = await subscriptions.Read(cancellation);
            parked = await pending.ListParked(cancellation);
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException)
        {
            faults.Add($"database: {fault.Message}");
            databaseIsAway = true;
        }
        if (root.FindFault() is { } missing)
            faults.Add($"archive_root_missing: {missing}");
        if (root.FindWriteFault() is { } readOnly)
            faults.Add($"archive_root_read_only: {readOnly}");
        faults.AddRange(TorrentFaults(engine));
        var busHealth = bus.CheckHealth();
        if (busHealth.Status != BusHealthStatus.Healthy)
            faults.Add($"bus: {busHealth.Description}");
        foreach (var subscription in moving.Where(one => one.StoppedReason is not null))
            faults.Add($"subscription {subscription.Name} stopped after event {subscription.LastSeq}: {subscription.StoppedReason}");
        foreach (var subscription in moving.Where(one => one is { StoppedReason: null, StandsSince: not null }))
            faults.Add(
                $"subscription {subscription.Name} has stood at event {subscription.LastSeq} since {subscription.StandsSince:u} while "
                    + $"{subscription.Behind} wait: look at the log of the node that runs it."
            );
        faults.AddRange(schedule.Problems);
        // One of several may be away: the others hear and send.
        var away = waku.Away;
        if (waku.AllAway)
            faults.AddRange(away.Select(node => $"waku: away since {node.Since:u}: {node.Reason}"));
        faults.AddRange(seeding.Problems);
        // A database that is away is named once, not again by each loop that needs it.
        faults.AddRange(
            loops.Troubled.Where(loop => !databaseIsAway || !IsOfDatabase(loop.Error)).Select(loop => loop.Problem).OfType<string>()
        );
        // What waits for a key goes on by itself: this node is well.
        foreach (var work in parked.Where(one => !one.AwaitsKey))
            faults.Add($"{work.Effect} for {work.CommunityId} is parked after {work.Attempts} tries: {work.Reason}");
        return Results.Json(
            new
            {
                status = faults.Count == 0 ? "ready" : "not ready",
                faults,
                subscriptions = moving,
                parked,
                wakuAway = away,
                peer = engine.Peer,
            },
            HttpApi.Json,
            statusCode: faults.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
    }

    private static bool IsOfDatabase(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            if (error is System.Data.Common.DbException or TimeoutException)
                return true;
        return false;
    }

    private static IEnumerable<string> TorrentFaults(ITorrentEngine engine)
    {
        try
        {
            return
            [
                .. engine
                    .List()
                    .Where(torrent => torrent.Fault is not null)
                    .Take(MaxTorrentFaults)
                    .Select(torrent => $"torrent of {torrent.CommunityId} is not served: {torrent.Fault}"),
            ];
        }
        catch (TorrentException fault)
        {
            return [$"torrents: {fault.Message}"];
        }
    }
}
