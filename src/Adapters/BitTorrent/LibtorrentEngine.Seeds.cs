using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging;

namespace EventArchive.BitTorrent;

// A disk may go away under a seeded torrent, be emptied, or go bad. Then the torrent leaves the session, so that nothing is checked against an
// empty folder or fetched into it, and comes back with its files.
public sealed partial class LibtorrentEngine
{
    /// <summary>A disk that fails takes its time for each try, and a torrent may have to be read to its end before it fails again.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>Two such loops run: hashing what is back may take minutes, and must not keep anybody from seeing what goes away.</summary>
    private async Task LookAfterSeeds(Func<TorrentSession, CancellationToken, Task> look, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Options.DiskCheckInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                try
                {
                    await look(Session, cancellation);
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

    private async Task SuspendFaulty(TorrentSession open, CancellationToken cancellation)
    {
        var statuses = open.List();
        RecordUploads(statuses);
        var loaded = statuses.ToDictionary(status => status.ReadInfoHash());
        foreach (var (infoHash, torrent) in torrents.Where(known => known.Value is { Serving: true, Suspended: null }))
        {
            if (FindFault(torrent, loaded.GetValueOrDefault(infoHash)) is null)
                continue;
            using var gate = await gates.Enter(infoHash, cancellation);
            if (IsServed(torrent) && open.Find(infoHash) is { } now && FindFault(torrent, now.Status) is { } fault)
                await Suspend(torrent, now, fault, now.Status.Flags.HasFlag(Native.Flags.Differs), cancellation);
        }
    }

    private async Task TryAgain(TorrentSession open, CancellationToken cancellation)
    {
        foreach (var (infoHash, torrent) in torrents.Where(known => known.Value is { Serving: true, Suspended: not null }))
        {
            if (!MayBeBack(torrent))
                continue;
            using var gate = await gates.Enter(infoHash, cancellation);
            if (FindSuspended(infoHash) == torrent)
                await TryAgain(torrent, cancellation);
        }
    }

    /// <summary>Somebody may have stopped it, or taken it out of service, before its gate opened.</summary>
    private bool IsServed(KnownTorrent torrent) =>
        torrents.GetValueOrDefault(torrent.Content.InfoHash) == torrent && torrent.Suspended is null;

    private static string? FindFault(KnownTorrent torrent, Native.Status loaded)
    {
        if (SeedFiles.FindFault(torrent.Content, torrent.Shape) is { } fault)
            return fault;
        if (loaded.Flags.HasFlag(Native.Flags.Differs))
            return $"A piece of torrent {torrent.Content.InfoHash} below {torrent.Content.Root} is not the torrent's. See which with eventarchive archive verify, "
                + "then restore the file from a copy.";
        return loaded.State == Native.State.Seeding && !loaded.Flags.HasFlag(Native.Flags.Failed)
            ? null
            : SeedFiles.Unreadable(torrent.Content);
    }

    /// <summary>Files that are there again are tried at once, those that could not be read now and then, damaged ones when they have changed.</summary>
    private bool MayBeBack(KnownTorrent torrent)
    {
        var suspended = torrent.Suspended!;
        if (SeedFiles.FindFault(torrent.Content, torrent.Shape) is not null || SeedRecord.Of(torrent.Content, 0) is not { } now)
            return false;
        return suspended.Seen?.HasFilesOf(now) != true || (!suspended.Damaged && time.GetElapsedTime(suspended.Since) >= suspended.Pause);
    }

    /// <param name="damaged">The files can be read, and a piece is not the torrent's.</param>
    private async Task Suspend(KnownTorrent torrent, LoadedTorrent loaded, string fault, bool damaged, CancellationToken cancellation)
    {
        var infoHash = torrent.Content.InfoHash;
        if (Session.Metadata(infoHash) is not { } info)
            return;
        var reason = loaded.Error is { } error ? $"{fault} ({error})" : fault;
        torrent.Suspended = new Suspension(
            reason,
            TorrentFileOf(info),
            SeedRecord.Of(torrent.Content, 0),
            damaged,
            loaded.Status.UploadedBytes,
            time.GetTimestamp(),
            Options.DiskCheckInterval
        );
        // Files that are there, and were trusted in vain, are hashed before they are served again.
        if (SeedFiles.FindFault(torrent.Content, torrent.Shape) is null)
            SeedRecord.Remove(torrent.Content);
        await Task.Run(() => Session.Remove(infoHash), cancellation);
        NotServed(infoHash, torrent.Content.CommunityId, reason);
    }

    private async Task TryAgain(KnownTorrent torrent, CancellationToken cancellation)
    {
        var suspended = torrent.Suspended!;
        var content = torrent.Content with { TorrentFile = suspended.TorrentFile };
        try
        {
            await Serve(content, torrent.Shape, suspended.UploadedBytes, cancellation);
            ServedAgain(content.InfoHash, content.CommunityId);
        }
        catch (TorrentException fault) when (!cancellation.IsCancellationRequested)
        {
            torrent.Suspended = suspended with
            {
                Reason = fault.Message,
                Seen = SeedRecord.Of(content, 0),
                Damaged = fault is FilesDifferException,
                Since = time.GetTimestamp(),
                Pause = 2 * suspended.Pause < LongestPause ? 2 * suspended.Pause : LongestPause,
            };
            await GiveUp(content.InfoHash, torrent);
        }
        catch (Exception e) when (e is TorrentException or OperationCanceledException)
        {
            await GiveUp(content.InfoHash, torrent);
            throw;
        }
    }

    private static byte[] TorrentFileOf(byte[] info) => [.. "d4:info"u8, .. info, (byte)'e'];

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
