using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using EventArchive.Archives;
using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>Fetches the archives that a magnet names, without a service.</summary>
public static class DownloadVerb
{
    public static Command Create()
    {
        var magnet = new Argument<string>("MAGNET") { Description = "The magnet of an archive torrent" };
        var peer = new Option<string[]>("--peer") { Description = "Who has it; may be repeated", HelpName = "HOST:PORT" };
        var folder = new Option<DirectoryInfo>("--out")
        {
            Description = "Where the archives go; made when missing",
            HelpName = "DIR",
            Required = true,
        };
        var tracker = OfflineEngine.TrackerOption();
        var indexOnly = new Option<bool>("--index-only") { Description = "Fetch the index alone and list its archives" };
        var download = new Command("download", "Fetch a community's archives from a peer and check them")
        {
            magnet,
            peer,
            folder,
            tracker,
            indexOnly,
        };
        var choice = new ArchiveChoice(download);
        var seals = new SealOptions(download);
        download.SetAction(
            async (parsed, cancellation) =>
            {
                var link = Magnetlink.Parse(parsed.GetRequiredValue(magnet));
                if (!CommunityId.TryParse(link.Name, null, out var community))
                    throw new FormatException(
                        "The magnet has no community id as its name (dn): give the magnet of an archive torrent, as seed prints it."
                    );
                foreach (var text in parsed.GetValue(peer) ?? [])
                    link = link.WithPeers([await Resolve(text, cancellation)]);
                if (link.Peers.Count == 0 && parsed.GetValue(tracker) is null or [])
                    throw new FormatException("The magnet names no peer: say with --peer HOST:PORT who has the torrent.");
                var choose = choice.Read(parsed);
                var sealing = await seals.Read(parsed, cancellation);
                using var destination = new OutFolder(parsed.GetRequiredValue(folder));
                await using var engine = await OfflineEngine.Start("127.0.0.1:0", parsed.GetValue(tracker), cancellation);
                var fetched = await ProgressBar.Show("metadata", Fetch);
                return parsed.GetValue(indexOnly) ? List(parsed, fetched) : Tell(parsed, fetched, parsed.GetRequiredValue(folder));

                async Task<Fetched> Fetch(ProgressBar bar)
                {
                    var info = await engine.FetchMetadata(link, cancellation);
                    var tree = ArchiveFolder.Open(destination.Make(), sealing).Tree;
                    var torrent = await tree.Accept(link, community, info, cancellation) with { EncryptedAfter = sealing?.EncryptedAfter };
                    bar.Step("index");
                    await engine.DownloadIndex(torrent, link.Peers, cancellation);
                    var index = await tree.ReadIndex(torrent, cancellation);
                    if (parsed.GetValue(indexOnly))
                        return new(torrent, index, index);
                    var chosen = choose(index);
                    await engine.Download(
                        torrent,
                        link.Peers,
                        chosen,
                        new DownloadView(bar, chosen.Archives, TimeProvider.System),
                        cancellation
                    );
                    bar.Step("checking");
                    await (chosen.Others ? tree.Complete(torrent, cancellation) : tree.KeepPart(torrent, cancellation));
                    return new(torrent, index, chosen.Archives);
                }
            }
        );
        return download;
    }

    private static int Tell(ParseResult parsed, Fetched fetched, DirectoryInfo folder) =>
        Output.Write(
            parsed,
            new
            {
                communityId = fetched.Torrent.CommunityId,
                infoHash = fetched.Torrent.InfoHash,
                archives = fetched.Chosen.Count,
                ofArchives = fetched.Index.Count,
                dataBytes = fetched.Chosen.Sum(entry => entry.Size),
                folder = folder.FullName,
            }
        );

    private static int List(ParseResult parsed, Fetched fetched) =>
        Output.Write(parsed, fetched.Index, () => ArchiveTable.Write(fetched.Index.Select(entry => (entry, (int?)null))));

    private sealed record Fetched(TorrentContent Torrent, IReadOnlyList<ArchiveEntry> Index, IReadOnlyList<ArchiveEntry> Chosen);

    private static async Task<PeerAddress> Resolve(string text, CancellationToken cancellation)
    {
        if (PeerAddress.TryParse(text, null, out var peer))
            return peer;
        var at = text.LastIndexOf(':');
        if (at <= 0 || !ushort.TryParse(text.AsSpan(at + 1), out var port) || port == 0)
            throw new FormatException($"--peer is HOST:PORT, for example 127.0.0.1:9025, not '{text}'.");
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(text[..at], cancellation);
            return new PeerAddress(addresses.OrderBy(address => address.AddressFamily).First(), port);
        }
        catch (SocketException fault)
        {
            throw new FormatException($"The host of --peer {text} has no address: {fault.Message}.", fault);
        }
    }
}
