namespace EventArchive.BitTorrent;

/// <summary>Notices that a torrent stands still: no byte arrived, no piece was verified, no check advanced.</summary>
internal sealed class StallWatch(TimeProvider time, TimeSpan limit)
{
    private long since = time.GetTimestamp();
    private (long, long, int) last = (-1, -1, -1);

    public bool IsStalled(LoadedTorrent torrent)
    {
        var status = torrent.Status;
        var now = (status.DoneBytes, status.ReceivedBytes, torrent.Checking ? status.CheckedPerMille : -1);
        if (now != last)
            (last, since) = (now, time.GetTimestamp());
        return time.GetElapsedTime(since) > limit;
    }
}
