using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging;

namespace EventArchive.BitTorrent;

// A disk may go away under a seeded torrent, be emptied, or go bad. Then the torrent leaves the session, so that nothing is checked against an
// empty folder or fetched into it, and comes back with its files.
public sealed partial class LibtorrentEngine
{
    private async Task LookAfterSeeds(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Options.DiskCheckInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                try
                {
                    await LookAfterSeeds(Session, cancellation);
                }
                catch (Exception e) when (e is TorrentException or ObjectDisposedException or IOException or UnauthorizedAccessException)
                {
                    // One that would not close, or a disk that went away in between: the next look tells. At the end of the engine there is none.
                    NotLookedAfter(e.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The engine ends.
        }
    }

    private async Task LookAfterSeeds(TorrentSession open, CancellationToken cancellation)
    {
        var statuses = open.List();
        RecordUploads(statuses);
        var loaded = statuses.ToDictionary(status => status.ReadInfoHash());
        foreach (var (infoHash, torrent) in torrents.Where(known => known.Value.Serving))
        {
            var due = torrent.Suspended is { } suspended
                ? MayBeBack(torrent, suspended)
                : FindFault(torrent, loaded.GetValueOrDefault(infoHash)) is not null;
            if (!due)
                continue;
            using var gate = await gates.Enter(infoHash, cancellation);
            // Somebody may have stopped it, or mended it, before the gate opened.
            if (!torrents.TryGetValue(infoHash, out var still) || still != torrent)
                continue;
            if (torrent.Suspended is { } since)
                await TryAgain(torrent, since, cancellation);
            else if (open.Find(infoHash) is { } now && FindFault(torrent, now.Status) is { } fault)
                await Suspend(torrent, now, fault, cancellation);
        }
    }

    private static string? FindFault(KnownTorrent torrent, Native.Status loaded) =>
        SeedFiles.FindFault(torrent.Content, torrent.Shape)
        ?? (
            loaded.State == Native.State.Seeding && !loaded.Flags.HasFlag(Native.Flags.Failed)
                ? null
                : $"The files of torrent {torrent.Content.InfoHash} below {torrent.Content.Root} cannot be read, or a piece of them is not the "
                    + "torrent's. See which with eventarchive archive verify, then restore the file from a copy."
        );

    /// <summary>Files that are there again are tried; damaged ones only when they have changed since.</summary>
    private static bool MayBeBack(KnownTorrent torrent, Suspension suspended) =>
        SeedFiles.FindFault(torrent.Content, torrent.Shape) is null
        && !(suspended is { Damaged: true, Seen: { } seen } && SeedRecord.Of(torrent.Content, 0) is { } now && now.HasFilesOf(seen));

    private async Task Suspend(KnownTorrent torrent, LoadedTorrent loaded, string fault, CancellationToken cancellation)
    {
        var infoHash = torrent.Content.InfoHash;
        if (Session.Metadata(infoHash) is not { } info)
            return;
        var damaged = SeedFiles.FindFault(torrent.Content, torrent.Shape) is null;
        var reason = loaded.Error is { } error ? $"{fault} ({error})" : fault;
        torrent.Suspended = new Suspension(
            reason,
            (byte[])[.. "d4:info"u8, .. info, (byte)'e'],
            SeedRecord.Of(torrent.Content, 0),
            damaged,
            loaded.Status.UploadedBytes
        );
        if (damaged)
            SeedRecord.Remove(torrent.Content);
        await Task.Run(() => Session.Remove(infoHash), cancellation);
        NotServed(infoHash, torrent.Content.CommunityId, reason);
    }

    private async Task TryAgain(KnownTorrent torrent, Suspension suspended, CancellationToken cancellation)
    {
        var content = torrent.Content with { TorrentFile = suspended.TorrentFile };
        try
        {
            await Serve(content, torrent.Shape, suspended.UploadedBytes, cancellation);
            ServedAgain(content.InfoHash, content.CommunityId);
        }
        catch (TorrentException fault) when (!cancellation.IsCancellationRequested)
        {
            await GiveUp(content.InfoHash);
            torrent.Suspended = suspended with { Reason = fault.Message, Seen = SeedRecord.Of(content, 0), Damaged = true };
            torrents[content.InfoHash] = torrent;
        }
    }

    private void RecordUploads(IReadOnlyList<Native.Status> statuses)
    {
        foreach (var status in statuses)
            if (torrents.TryGetValue(status.ReadInfoHash(), out var torrent) && torrent is { Serving: true, Suspended: null })
                RecordUpload(status, torrent);
    }

    /// <summary>What was sent is kept over restarts; the record says of the same files as before that they are verified.</summary>
    private static void RecordUpload(Native.Status status, KnownTorrent torrent)
    {
        if (status.UploadedBytes == torrent.RecordedUpload || SeedRecord.Read(torrent.Content) is not { } record)
            return;
        (record with { UploadedBytes = status.UploadedBytes }).Write(torrent.Content);
        torrent.RecordedUpload = status.UploadedBytes;
    }

    [LoggerMessage(4005, LogLevel.Error, "Torrent {InfoHash} of community {CommunityId} is not served for now: {Reason}")]
    private partial void NotServed(InfoHash infoHash, CommunityId communityId, string reason);

    [LoggerMessage(4007, LogLevel.Warning, "Not every seeded torrent could be looked after, trying again: {Reason}")]
    private partial void NotLookedAfter(string reason);

    [LoggerMessage(4006, LogLevel.Information, "The files of torrent {InfoHash} of community {CommunityId} are back, it is served again.")]
    private partial void ServedAgain(InfoHash infoHash, CommunityId communityId);
}
