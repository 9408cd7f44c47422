using System.CommandLine;
using EventArchive.Archives;
using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace EventArchive.Service;

/// <summary>Seeding and downloading without a service. Discovery is off: peers are those that are named, and a tracker only if one is given.</summary>
public static class TorrentVerbs
{
    private static readonly Option<Uri[]> Tracker = new("--tracker")
    {
        Description = "Announce to this tracker; the ones named in a magnet are never asked",
    };

    public static Command Seed()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "The folder that archive build or download wrote" };
        var listen = new Option<string>("--listen")
        {
            Description = "IP:PORT; port 0 takes a free one",
            DefaultValueFactory = _ => "127.0.0.1:0",
        };
        var seed = new Command("seed", "Serve the torrents of a folder until stopped") { folder, listen, Tracker };
        seed.SetAction(
            async (parsed, cancellation) =>
            {
                var tree = ArchiveFolder.Open(parsed.GetRequiredValue(folder).FullName).Tree;
                await using var engine = await Start(parsed.GetRequiredValue(listen), parsed.GetValue(Tracker), cancellation);
                var torrents = await tree.ListTorrents(cancellation);
                if (torrents.Count == 0)
                    throw new InvalidOperationException(
                        $"There is no complete archive torrent in {parsed.GetRequiredValue(folder)}: make one with archive build."
                    );
                foreach (var torrent in torrents)
                    await engine.Seed(torrent, cancellation);
                Output.Write(
                    parsed,
                    new
                    {
                        peer = engine.Peer,
                        torrents = torrents.Select(torrent => new
                        {
                            torrent.CommunityId,
                            torrent.InfoHash,
                            magnet = torrent.Magnetlink.WithPeers(engine.Peer is { } peer ? [peer] : []),
                        }),
                    },
                    () =>
                    {
                        foreach (var torrent in torrents)
                            Console.WriteLine($"seeding {torrent.InfoHash} of {torrent.CommunityId}\n{torrent.Magnetlink}");
                        Console.WriteLine($"on {engine.Peer}. Stop with Ctrl+C.");
                    }
                );
                try
                {
                    await Task.Delay(Timeout.Infinite, cancellation);
                }
                catch (OperationCanceledException) { }
                return 0;
            }
        );
        return seed;
    }

    public static Command Download()
    {
        var magnet = new Argument<string>("MAGNET") { Description = "The magnet of an archive torrent" };
        var peer = new Option<string[]>("--peer") { Description = "HOST:PORT of whoever has it; may be repeated" };
        var folder = new Option<DirectoryInfo>("--out") { Description = "Where the archives go", Required = true };
        var download = new Command("download", "Fetch a community's archives from a peer and check them") { magnet, peer, folder, Tracker };
        download.SetAction(
            async (parsed, cancellation) =>
            {
                var peers = (parsed.GetValue(peer) ?? []).Select(text => PeerAddress.Parse(text));
                var link = Magnetlink.Parse(parsed.GetRequiredValue(magnet)).WithPeers(peers);
                if (!CommunityId.TryParse(link.Name, null, out var community))
                    throw new FormatException(
                        "The magnet has no community id as its name (dn): it is not the magnet of an archive torrent."
                    );
                if (link.Peers.Count == 0 && parsed.GetValue(Tracker) is null or [])
                    throw new FormatException("The magnet names no peer: say with --peer HOST:PORT who has the torrent.");
                var tree = ArchiveFolder.OpenOrCreate(parsed.GetRequiredValue(folder).FullName).Tree;
                await using var engine = await Start("127.0.0.1:0", parsed.GetValue(Tracker), cancellation);
                var (torrent, entries) = await Fetch(tree, engine, link, community, cancellation);
                return Output.Write(
                    parsed,
                    new
                    {
                        communityId = community,
                        infoHash = torrent.InfoHash,
                        archives = entries.Count,
                        dataBytes = entries.Sum(entry => entry.Size),
                        folder = parsed.GetRequiredValue(folder).FullName,
                    }
                );
            }
        );
        return download;
    }

    private static async Task<(TorrentContent Torrent, IReadOnlyList<ArchiveEntry> Entries)> Fetch(
        ArchiveTree tree,
        LibtorrentEngine engine,
        Magnetlink link,
        CommunityId community,
        CancellationToken cancellation
    )
    {
        // The bar goes to standard error, so that standard output holds the result alone; without a terminal there is none.
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await terminal
            .Progress()
            .StartAsync(async context =>
            {
                var bar = context.AddTask("metadata", maxValue: 1);
                var info = await engine.FetchMetadata(link, cancellation);
                var torrent = await tree.Accept(link, community, info, cancellation);
                bar.Description = "index";
                await engine.DownloadIndex(torrent, link.Peers, cancellation);
                var entries = await tree.ReadIndex(torrent, cancellation);
                bar.Description = $"{entries.Count} archives";
                await engine.Download(torrent, link.Peers, new Bar(bar), cancellation);
                await tree.Complete(torrent, cancellation);
                bar.Value = bar.MaxValue;
                return (torrent, entries);
            });
    }

    private static async Task<LibtorrentEngine> Start(string listen, Uri[]? trackers, CancellationToken cancellation)
    {
        var options = new BitTorrentOptions
        {
            Listen = listen,
            Discovery = trackers is { Length: > 0 } ? Discovery.Trackers : Discovery.Off,
            Trackers = trackers ?? [],
        };
        if (options.Faults().FirstOrDefault() is { } fault)
            throw new FormatException(fault);
        var engine = new LibtorrentEngine(Options.Create(options), TimeProvider.System, NullLogger<LibtorrentEngine>.Instance);
        await engine.StartAsync(cancellation);
        return engine;
    }

    private sealed class Bar(ProgressTask task) : IProgress<TorrentProgress>
    {
        public void Report(TorrentProgress value)
        {
            task.MaxValue = Math.Max(1, value.TotalBytes);
            task.Value = value.DoneBytes;
        }
    }
}
