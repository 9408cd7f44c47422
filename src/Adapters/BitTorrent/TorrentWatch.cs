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

    /// <summary>How often peers are offered again before those that were sent away are asked one by one.</summary>
    private const int TriesBeforeTurn = 3;

    /// <summary>The torrent once its files are checked.</summary>
    /// <exception cref="TorrentException">It was stopped, its disk failed, or nothing moved for longer than the stall time-out.</exception>
    public Task<LoadedTorrent> Checked(TorrentContent torrent, CancellationToken cancellation) =>
        Until(torrent, [], loaded => !loaded.Checking, cancellation);

    /// <summary>The torrent once all that is wanted is there; null: pieces were wrong, and no peer is left that may be asked.</summary>
    /// <param name="alone">One peer is asked alone, so that it is left even if it only cannot be reached.</param>
    /// <exception cref="TorrentException">It was stopped, its disk failed, or nothing moved for longer than the stall time-out.</exception>
    public async Task<LoadedTorrent?> Until(
        TorrentContent torrent,
        IReadOnlyList<PeerAddress> peers,
        WantedPieces wanted,
        IProgress<TorrentProgress>? progress,
        bool mayTurn,
        bool alone,
        CancellationToken cancellation
    )
    {
        var priorities = Array.Empty<byte>();
        long? reported = null;
        long? abandoned = null;
        var left = false;
        var loaded = await Until(torrent, peers, Follow, cancellation);
        return left ? null : loaded;

        bool Follow(LoadedTorrent now)
        {
            var first = Want(now);
            if (wanted.AreThere(now))
                return true;
            if (first || reported is null || time.GetElapsedTime(reported.Value) >= ReportInterval)
            {
                progress?.Report(wanted.Progress(now));
                reported = time.GetTimestamp();
            }
            if (now.Checking || now.Status.Peers > 0 || (now.Status.FailedBytes == 0 && !alone))
                abandoned = null;
            else
                abandoned ??= time.GetTimestamp();
            return left = mayTurn && abandoned is { } since && time.GetElapsedTime(since) >= TriesBeforeTurn * options.ReconnectInterval;
        }

        // Whether the first archive is whole since the last look.
        bool Want(LoadedTorrent now)
        {
            if (wanted.IsIndexAlone || now.Pieces.Count == 0)
                return false;
            var before = wanted.WholeArchives;
            var next = wanted.Priorities(now.Pieces);
            if (!next.AsSpan().SequenceEqual(priorities))
                Look(open => open.Want(torrent.InfoHash, priorities = next));
            return before == 0 && wanted.WholeArchives > 0;
        }
    }

    /// <summary>
    /// What all were asked for (<see cref="TorrentSession.StartMetadata"/>). The first peer that claims a size is believed by libtorrent; so when the
    /// metadata is wrong, or does not come in half of the time, the peers are asked one by one.
    /// </summary>
    /// <exception cref="TorrentException">No peer gave it within the time-out.</exception>
    public async Task<byte[]> Metadata(
        InfoHash infoHash,
        IReadOnlyList<PeerAddress> peers,
        IReadOnlyList<string> trackers,
        CancellationToken cancellation
    )
    {
        var started = time.GetTimestamp();
        var (asked, begun, offered, turns) = (peers, started, started, 0);
        for (var pause = FirstPollInterval; time.GetElapsedTime(started) < options.MetadataTimeout; pause = Longer(pause))
        {
            var wrong = false;
            if (Look(open => open.Metadata(infoHash, out wrong)) is { } info)
                return info;
            var share = options.MetadataTimeout / (2 * (turns == 0 ? 1 : peers.Count));
            if (turns < peers.Count && (wrong || (peers.Count > 1 && time.GetElapsedTime(begun) >= share)))
            {
                asked = [peers[turns++]];
                await Task.Run(() => Look(open => open.Remove(infoHash)), cancellation);
                Look(open => open.StartMetadata(infoHash, asked, trackers));
                (begun, offered, pause) = (time.GetTimestamp(), time.GetTimestamp(), FirstPollInterval);
            }
            else if (time.GetElapsedTime(offered) >= options.ReconnectInterval)
            {
                Connect(infoHash, asked);
                offered = time.GetTimestamp();
            }
            await Task.Delay(pause, time, cancellation);
        }
        throw new TorrentException(
            $"No peer gave the metadata of torrent {infoHash} within {options.MetadataTimeout.TotalSeconds:0} s. {Advice(peers)}"
        );
    }

    /// <summary>Adds a torrent; one that is being removed at this moment is waited for.</summary>
    public async Task Add(
        TorrentContent torrent,
        Native.AddFlags how,
        long uploadedBefore,
        IReadOnlyList<PeerAddress> peers,
        CancellationToken cancellation
    )
    {
        var started = time.GetTimestamp();
        var trackers = how == Native.AddFlags.None ? TrackerChoice.Of(torrent.MagnetTrackers, options) : [];
        while (!Look(open => open.Add(torrent, how, uploadedBefore, peers, trackers)))
        {
            if (time.GetElapsedTime(started) > options.CloseTimeout)
                throw new TorrentException($"Torrent {torrent.InfoHash} is still being closed.");
            await Task.Delay(PollInterval, time, cancellation);
        }
    }

    private async Task<LoadedTorrent> Until(
        TorrentContent torrent,
        IReadOnlyList<PeerAddress> peers,
        Func<LoadedTorrent, bool> done,
        CancellationToken cancellation
    )
    {
        var stall = new StallWatch(time, options.StallTimeout);
        long? asked = null;
        for (var pause = FirstPollInterval; ; pause = Longer(pause))
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
            await Task.Delay(pause, time, cancellation);
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => pause < PollInterval / 2 ? 2 * pause : PollInterval;

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
