using System.CommandLine;
using EventArchive.Archives;
using EventArchive.Handlers;

namespace EventArchive.Service;

/// <summary>Serves the torrents of a folder to whoever asks, without a service.</summary>
public static class SeedVerb
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "The folder that archive build or download wrote" };
        var listen = new Option<string>("--listen")
        {
            Description = "Where peers connect; port 0 takes a free one",
            HelpName = "IP:PORT",
            DefaultValueFactory = _ => "127.0.0.1:0",
        };
        var tracker = OfflineEngine.TrackerOption();
        var seed = new Command("seed", "Serve the torrents of a folder until stopped") { folder, listen, tracker };
        seed.SetAction(
            async (parsed, cancellation) =>
            {
                var torrents = await List(parsed.GetRequiredValue(folder), cancellation);
                await using var engine = await OfflineEngine.Start(parsed.GetRequiredValue(listen), parsed.GetValue(tracker), cancellation);
                await ProgressBar.Show("checking", bar => Seed(engine, torrents, bar, cancellation));
                Write(parsed, engine, torrents);
                await new SeedView(engine, TimeProvider.System).Show(TerminalLine.OfConsole(), cancellation);
                return 0;
            }
        );
        return seed;
    }

    private static async Task<int> Seed(
        ITorrentEngine engine,
        IReadOnlyList<TorrentContent> torrents,
        ProgressBar bar,
        CancellationToken cancellation
    )
    {
        foreach (var (number, torrent) in torrents.Index())
        {
            bar.Step($"checking torrent {number + 1} of {torrents.Count}");
            await engine.Seed(torrent, cancellation);
        }
        return torrents.Count;
    }

    /// <exception cref="RejectedTorrentException">A .torrent is not one: whoever seeds a folder wants to hear of it.</exception>
    private static async Task<IReadOnlyList<TorrentContent>> List(DirectoryInfo folder, CancellationToken cancellation)
    {
        var tree = ArchiveFolder.Open(folder.FullName).Tree;
        List<TorrentContent> torrents = [];
        foreach (var community in tree.ListCommunities())
            if (await tree.FindPresent(community, cancellation) is { } present)
                torrents.Add(present);
        return torrents.Count > 0 ? torrents : throw ArchiveVerbs.Nothing(folder);
    }

    private static void Write(ParseResult parsed, ITorrentEngine engine, IReadOnlyList<TorrentContent> torrents)
    {
        var seeded = torrents
            .Select(torrent => new
            {
                torrent.CommunityId,
                torrent.InfoHash,
                magnet = torrent.Magnetlink.WithPeers(engine.Peer is { } peer ? [peer] : []),
            })
            .ToList();
        Output.Write(
            parsed,
            new { peer = engine.Peer, torrents = seeded },
            () =>
            {
                foreach (var torrent in seeded)
                {
                    Console.WriteLine($"community  {torrent.CommunityId}");
                    Console.WriteLine($"info-hash  {torrent.InfoHash}");
                    Console.WriteLine($"magnet     {torrent.magnet}");
                }
                Console.WriteLine($"Seeding on {engine.Peer?.ToString() ?? parsed.GetValue<string>("--listen")}. Stop with Ctrl+C.");
            }
        );
    }
}
