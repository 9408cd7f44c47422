using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging;

namespace EventArchive.BitTorrent;

// How torrents get into the session and out of it. All of it happens inside the gate of the info-hash.
public sealed partial class LibtorrentEngine
{
    /// <summary>Loads a torrent to seed it, and waits until it does.</summary>
    /// <exception cref="TorrentException">The files are missing, or do not fit the torrent.</exception>
    private async Task Serve(TorrentContent torrent, TorrentShape shape, long uploadedBytes, CancellationToken cancellation)
    {
        SeedFiles.Require(torrent, shape);
        if (Session.Find(torrent.InfoHash) is { Seeding: true })
            return;
        var suspended = FindSuspended(torrent.InfoHash);
        if (suspended is null)
            await Unload(torrent.InfoHash, cancellation);
        var (record, known) = await Task.Run(() => Recall(torrent, uploadedBytes), cancellation);
        var how = known ? Native.AddFlags.Seed | Native.AddFlags.Verified : Native.AddFlags.Seed;
        var entry = await Load(torrent, shape, how, record.UploadedBytes, [], cancellation, suspended);
        var loaded = await Watch.Checked(torrent, cancellation);
        if (!loaded.Seeding)
            throw SeedFiles.Mismatch(torrent, shape, loaded.Pieces);
        // Files that changed while they were hashed are hashed again at the next start.
        if (!known && SeedRecord.Of(torrent, 0) is { } now && now.HasFilesOf(record))
            record.Write(torrent);
        (entry.Serving, entry.Suspended) = (true, null);
    }

    /// <summary>The files as they are, and whether they were verified before and have not changed since.</summary>
    private (SeedRecord Record, bool Known) Recall(TorrentContent torrent, long uploadedBytes)
    {
        var before = SeedRecord.Read(torrent);
        var now =
            SeedRecord.Of(torrent, Math.Max(uploadedBytes, before?.UploadedBytes ?? 0))
            ?? throw new TorrentException($"The files of torrent {torrent.InfoHash} have just gone away.");
        var seed = (ulong)time.GetUtcNow().Ticks;
        return (now, before?.HasFilesOf(now) == true && TorrentSession.SpotCheck(torrent, Options.SpotCheckedPieces, seed));
    }

    private async Task LoadToFetch(
        TorrentContent torrent,
        TorrentShape shape,
        IReadOnlyList<PeerAddress> peers,
        CancellationToken cancellation
    )
    {
        if (SeedFiles.FindFault(torrent, shape) is null && SeedRecord.Read(torrent) is not null)
        {
            var (record, known) = await Task.Run(() => Recall(torrent, 0), cancellation);
            if (known)
            {
                await Load(torrent, shape, Native.AddFlags.Seed | Native.AddFlags.Verified, record.UploadedBytes, [], cancellation);
                return;
            }
        }
        if (DiskSpace.FindFault(torrent.Root, Options.MinFreeBytes) is { } fault)
            throw new TorrentException($"Torrent {torrent.InfoHash} is not fetched. {fault}");
        await Load(torrent, shape, Native.AddFlags.None, 0, peers, cancellation);
    }

    private async Task<KnownTorrent> Load(
        TorrentContent torrent,
        TorrentShape shape,
        Native.AddFlags how,
        long uploadedBytes,
        IReadOnlyList<PeerAddress> peers,
        CancellationToken cancellation,
        KnownTorrent? suspended = null
    )
    {
        var entry = new KnownTorrent(torrent, shape, uploadedBytes) { Suspended = suspended?.Suspended };
        if (suspended is null)
            torrents[torrent.InfoHash] = entry;
        else if (!torrents.TryUpdate(torrent.InfoHash, entry, suspended))
            throw new TorrentException($"Torrent {torrent.InfoHash} was stopped.");
        await Watch.Add(torrent, how, uploadedBytes, peers, cancellation);
        return entry;
    }

    /// <summary>What is downloaded whole is a seed from now on: if its files go away, nothing may be fetched in their place.</summary>
    private void KeepServing(TorrentContent torrent)
    {
        Session.SeedOnly(torrent.InfoHash);
        if (!torrents.TryGetValue(torrent.InfoHash, out var entry))
            return;
        SeedRecord.Of(torrent, entry.RecordedUpload)?.Write(torrent);
        entry.Serving = true;
    }

    private KnownTorrent? FindSuspended(InfoHash infoHash) =>
        torrents.GetValueOrDefault(infoHash) is { Suspended: not null } suspended ? suspended : null;

    private async Task Unload(InfoHash infoHash, CancellationToken cancellation)
    {
        if (session is not { } open)
            return;
        if (torrents.TryRemove(infoHash, out var entry) && entry is { Serving: true, Suspended: null } && open.Find(infoHash) is { } last)
            RecordUpload(last.Status, entry);
        await Task.Run(() => open.Remove(infoHash), cancellation);
    }

    /// <summary>Unloads on the way out of a failure, which must not be hidden by a second one.</summary>
    /// <param name="suspended">What was out of service before, and is so again unless somebody has stopped it meanwhile.</param>
    private async Task GiveUp(InfoHash infoHash, KnownTorrent? suspended = null)
    {
        try
        {
            if (suspended is null || !torrents.TryGetValue(infoHash, out var tried) || !torrents.TryUpdate(infoHash, suspended, tried))
                await Unload(infoHash, CancellationToken.None);
            else
                await Task.Run(() => session?.Remove(infoHash), CancellationToken.None);
        }
        catch (Exception e) when (e is TorrentException or ObjectDisposedException)
        {
            NotUnloaded(infoHash, e.Message);
        }
    }

    /// <summary>One torrent of a community is served: what the new one replaces goes when the new one is there.</summary>
    private async Task UnloadOthers(TorrentContent torrent, bool alsoServed, CancellationToken cancellation)
    {
        foreach (var (other, entry) in torrents)
            if (entry.Content.CommunityId == torrent.CommunityId && other != torrent.InfoHash && (alsoServed || !entry.Serving))
                await Unload(other, cancellation);
    }

    private List<TorrentStatus> Look(TorrentSession open)
    {
        var statuses = open.List().ToDictionary(status => status.ReadInfoHash());
        return [.. torrents.Select(known => ToStatus(known.Value, statuses.TryGetValue(known.Key, out var loaded) ? loaded : null))];
    }

    private List<TorrentStatus> Look(TorrentSession open, CommunityId community) =>
        [
            .. torrents
                .Where(known => known.Value.Content.CommunityId == community)
                .Select(known => ToStatus(known.Value, open.Find(known.Key)?.Status)),
        ];

    /// <summary>Nothing while it shuts down: whoever measures is not to fail for that.</summary>
    private IReadOnlyList<TorrentStatus> Look()
    {
        try
        {
            return session is { } open ? Look(open) : [];
        }
        catch (ObjectDisposedException)
        {
            return [];
        }
    }

    /// <param name="loaded">Null: it is on its way into the session or out of it, or suspended.</param>
    private TorrentStatus ToStatus(KnownTorrent torrent, Native.Status? loaded) =>
        new(
            torrent.Content.InfoHash,
            torrent.Content.CommunityId,
            torrent.Suspended is null && loaded?.State == Native.State.Seeding,
            torrent.Serving || torrent.Suspended is not null ? torrent.TotalBytes : loaded?.DoneBytes ?? 0,
            torrent.TotalBytes,
            loaded?.Peers ?? 0,
            loaded?.UploadedBytes ?? torrent.Suspended?.UploadedBytes ?? torrent.RecordedUpload,
            loaded?.ReceivedBytes ?? 0,
            loaded is { IdleSeconds: >= 0 and var idle } ? time.GetUtcNow().AddSeconds(-idle) : null,
            torrent.Suspended?.Reason
        );

    [LoggerMessage(4004, LogLevel.Warning, "Torrent {InfoHash} is not wanted any more but was not closed in time: {Reason}")]
    private partial void NotUnloaded(InfoHash infoHash, string reason);
}
