using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>How far a download has come, on the bar of a terminal: archives that can be read, bytes, rate, peers.</summary>
internal sealed class DownloadView(ProgressBar bar, IReadOnlyList<ArchiveEntry> archives, TimeProvider time) : IProgress<TorrentProgress>
{
    private long? last;
    private long lastBytes;
    private string rate = "";

    public void Report(TorrentProgress value)
    {
        if (last is { } then && time.GetElapsedTime(then) is { TotalSeconds: > 0.1 } passed)
            rate = $", {TransferText.Rate(value.DoneBytes - lastBytes, passed)}";
        (last, lastBytes) = (time.GetTimestamp(), value.DoneBytes);
        var whole = archives.Count(archive => value.DoneBytesOf(archive) == archive.Size);
        bar.Step(
            $"{whole} of {archives.Count} archives, {TransferText.Bytes(value.DoneBytes)} of {TransferText.Bytes(value.TotalBytes)}{rate}, "
                + TransferText.Count(value.Peers, "peer"),
            value.TotalBytes,
            value.DoneBytes
        );
    }
}
