using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>
/// What is being served, on standard error until the seeding ends: a line for each torrent that is taken out or comes back, and on a terminal one
/// more that changes each second.
/// </summary>
internal sealed class SeedView(ITorrentEngine engine, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly Dictionary<InfoHash, string> told = [];
    private volatile string now = "";

    public async Task Show(TerminalLine? line, CancellationToken cancellation)
    {
        try
        {
            await (
                line is null ? Follow(Console.Error.WriteLine, cancellation) : line.Show(_ => now, () => Follow(line.Say, cancellation))
            );
        }
        catch (OperationCanceledException)
        {
            // A signal is how seeding ends.
        }
    }

    internal static string Text(IReadOnlyList<TorrentStatus> torrents, string rate)
    {
        var (seeded, peers, sent) = (torrents.Count(torrent => torrent.Seeding), torrents.Sum(torrent => torrent.Peers), Sent(torrents));
        var whole = torrents.Sum(torrent => torrent.TotalBytes);
        var ratio = whole > 0 ? (double)sent / whole : 0;
        return $"{seeded} of {TransferText.Count(torrents.Count, "torrent")} seeded, {TransferText.Count(peers, "peer")}, "
            + $"{TransferText.Bytes(sent)} sent, {rate}, ratio {ratio:0.00}";
    }

    private async Task<bool> Follow(Action<string> say, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Look, time);
        var (then, sent) = (time.GetTimestamp(), Sent(engine.List()));
        do
        {
            var torrents = engine.List();
            now = Text(torrents, TransferText.Rate(Sent(torrents) - sent, time.GetElapsedTime(then)));
            (then, sent) = (time.GetTimestamp(), Sent(torrents));
            foreach (var torrent in torrents)
                Tell(torrent, say);
        } while (await timer.WaitForNextTickAsync(cancellation));
        return true;
    }

    private void Tell(TorrentStatus torrent, Action<string> say)
    {
        if (torrent.Fault is { } fault && told.GetValueOrDefault(torrent.InfoHash) != fault)
            say($"Not served for now: {told[torrent.InfoHash] = fault}");
        else if (torrent is { Fault: null, Seeding: true } && told.Remove(torrent.InfoHash))
            say($"Served again: torrent {torrent.InfoHash}");
    }

    private static long Sent(IReadOnlyList<TorrentStatus> torrents) => torrents.Sum(torrent => torrent.UploadedBytes);
}
