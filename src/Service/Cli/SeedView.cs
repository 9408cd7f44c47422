using EventArchive.Handlers;
using EventArchive.Model;
using Spectre.Console;

namespace EventArchive.Service;

/// <summary>What is being served, on standard error until the seeding ends: a table on a terminal, otherwise only what goes wrong.</summary>
internal static class SeedView
{
    private const int MaxRows = 20;

    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    public static async Task Show(ITorrentEngine engine, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            if (Console.IsErrorRedirected)
                await Tell(engine, time, cancellation);
            var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            await terminal.Live(new Text("")).AutoClear(true).StartAsync(context => Follow(context, engine, time, cancellation));
        }
        catch (OperationCanceledException)
        {
            // A signal is how seeding ends.
        }
    }

    /// <summary>A line for each torrent that is taken out or comes back.</summary>
    private static async Task Tell(ITorrentEngine engine, TimeProvider time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Refresh, time);
        Dictionary<InfoHash, string> told = [];
        while (await timer.WaitForNextTickAsync(cancellation))
            foreach (var torrent in engine.List())
            {
                if (torrent.Fault is { } fault && told.GetValueOrDefault(torrent.InfoHash) != fault)
                    Console.Error.WriteLine($"Not served for now: {told[torrent.InfoHash] = fault}");
                else if (torrent is { Fault: null, Seeding: true } && told.Remove(torrent.InfoHash))
                    Console.Error.WriteLine($"Served again: torrent {torrent.InfoHash}");
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
