using EventArchive.Handlers;
using Spectre.Console;

namespace EventArchive.Service;

/// <summary>What is being served, on a terminal's standard error, until the seeding ends; without a terminal nothing is shown.</summary>
internal static class SeedView
{
    private const int MaxRows = 20;

    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    public static async Task Show(ITorrentEngine engine, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            if (Console.IsErrorRedirected)
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
            var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            await terminal.Live(new Text("")).AutoClear(true).StartAsync(context => Follow(context, engine, time, cancellation));
        }
        catch (OperationCanceledException)
        {
            // A signal is how seeding ends.
        }
    }

    private static async Task Follow(LiveDisplayContext context, ITorrentEngine engine, TimeProvider time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Refresh, time);
        var (then, sent) = (time.GetTimestamp(), Sent(engine.List()));
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var torrents = engine.List();
            var rate = TransferText.Rate(Sent(torrents) - sent, time.GetElapsedTime(then));
            (then, sent) = (time.GetTimestamp(), Sent(torrents));
            context.UpdateTarget(Draw(torrents, rate));
        }
    }

    private static long Sent(IReadOnlyList<TorrentStatus> torrents) => torrents.Sum(torrent => torrent.UploadedBytes);

    private static Table Draw(IReadOnlyList<TorrentStatus> torrents, string rate)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("community", "peers", "sent", "ratio", "");
        foreach (var torrent in torrents.OrderByDescending(torrent => (torrent.Fault is not null, torrent.LastActive)).Take(MaxRows))
            table.AddRow(
                new Text($"{torrent.CommunityId.ToString()[..12]}…"),
                new Text($"{torrent.Peers}"),
                new Text(TransferText.Bytes(torrent.UploadedBytes)),
                new Text($"{torrent.Ratio:0.00}"),
                new Text(torrent.Fault ?? "")
            );
        table.Caption(
            $"{torrents.Count} torrents, {torrents.Sum(torrent => torrent.Peers)} peers, {TransferText.Bytes(Sent(torrents))} sent, {rate}"
        );
        return table;
    }
}
