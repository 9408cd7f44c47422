using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.BitTorrent;

/// <summary>
/// Waits for a torrent by looking at it ten times a second, and offers it its peers again now and then: a connection may be refused or lost.
/// </summary>
/// <param name="session">Fails with a <see cref="TorrentException"/> once the engine is stopped.</param>
internal sealed class TorrentWatch(Func<TorrentSession> session, BitTorrentOptions options, TimeProvider time)
{
    /// <summary>The first looks come sooner: a torrent whose files are known is there within milliseconds.</summary>
    private static readonly TimeSpan FirstPollInterval = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    /// <exception cref="TorrentException">It was stopped, its disk failed, or nothing moved for longer than the stall time-out.</exception>
    public async Task<LoadedTorrent> Until(
        TorrentContent torrent,
        IReadOnlyList<PeerAddress> peers,
        Func<LoadedTorrent, bool> done,
        IProgress<TorrentProgress>? progress,
        CancellationToken cancellation
    )
    {
        var stall = new StallWatch(time, options.StallTimeout);
        long? reported = null;
        long? asked = null;
        for (var pause = FirstPollInterval; ; pause = pause < PollInterval / 2 ? 2 * pause : PollInterval)
        {
            var loaded =
                Look(open => open.Find(torrent.InfoHash))
                ?? throw new TorrentException($"Torrent {torrent.InfoHash} was stopped before it was complete.");
            if (loaded.Error is { } error)
                throw new TorrentException(
                    $"Torrent {torrent.InfoHash} failed on the disk: {error}. {DiskSpace.FindFault(torrent.Root, options.MinFreeBytes)
                        ?? $"Check the space and the rights below {torrent.Root}."}"
                );
            if (done(loaded))
                return loaded;
            if (stall.IsStalled(loaded))
                throw new TorrentException(
                    $"Nothing of torrent {torrent.InfoHash} arrived for {options.StallTimeout.TotalSeconds:0} s: {loaded.Status.DoneBytes} of "
                        + $"{loaded.Status.TotalBytes} bytes are there, {loaded.Status.Peers} peers are connected. {Advice(peers)}"
                );
            if (asked is null || time.GetElapsedTime(asked.Value) >= options.ReconnectInterval)
            {
                Connect(torrent.InfoHash, peers);
                asked = time.GetTimestamp();
            }
            if (reported is null || time.GetElapsedTime(reported.Value) >= ReportInterval)
            {
                progress?.Report(loaded.ToProgress());
                reported = time.GetTimestamp();
            }
            await Task.Delay(pause, time, cancellation);
        }
    }

    /// <exception cref="TorrentException">No peer gave it within the time-out.</exception>
    public async Task<byte[]> Metadata(InfoHash infoHash, IReadOnlyList<PeerAddress> peers, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        long? asked = null;
        while (time.GetElapsedTime(started) < options.MetadataTimeout)
        {
            if (Look(open => open.Metadata(infoHash)) is { } info)
                return info;
            if (asked is null || time.GetElapsedTime(asked.Value) >= options.ReconnectInterval)
            {
                Connect(infoHash, peers);
                asked = time.GetTimestamp();
            }
            await Task.Delay(PollInterval, time, cancellation);
        }
        throw new TorrentException(
            $"No peer gave the metadata of torrent {infoHash} within {options.MetadataTimeout.TotalSeconds:0} s. {Advice(peers)}"
        );
    }

    /// <summary>Adds a torrent; one that is being removed at this moment is waited for.</summary>
    public async Task Add(TorrentContent torrent, Native.AddFlags how, long uploadedBefore, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while (!Look(open => open.Add(torrent, how, uploadedBefore)))
        {
            if (time.GetElapsedTime(started) > options.CloseTimeout)
                throw new TorrentException($"Torrent {torrent.InfoHash} is still being closed.");
            await Task.Delay(PollInterval, time, cancellation);
        }
    }

    private void Connect(InfoHash infoHash, IReadOnlyList<PeerAddress> peers)
    {
        foreach (var peer in peers)
            Look(open => open.Connect(infoHash, peer));
    }

    private T Look<T>(Func<TorrentSession, T> look)
    {
        try
        {
            return look(session());
        }
        catch (ObjectDisposedException e)
        {
            throw new TorrentException("The BitTorrent engine was shut down in the middle.", e);
        }
    }

    private string Advice(IReadOnlyList<PeerAddress> peers) =>
        (peers.Count, options.Discovery) switch
        {
            (0, Discovery.Off) =>
                "Its magnet names no peer and discovery is off: add x.pe=IP:PORT to the magnet, or set BitTorrent:Discovery.",
            (0, _) => "Its magnet names no usable peer: check that the trackers answer and that somebody seeds it.",
            _ => $"Check that {string.Join(", ", peers)} can be reached from here and seeds it.",
        };
}
