using EventArchive.Domain;
using EventArchive.Model;
using Microsoft.Extensions.Options;

namespace EventArchive.Handlers;

/// <summary>
/// A seeder's one step: the community's present torrent comes onto this disk, is served, and is reported if it was not. And its reverse, for a node
/// that is no seeder.
/// </summary>
public sealed class FetchTorrents(IArchiveFiles files, ITorrentEngine engine, NodeReports reports, IOptions<NodeOptions> node)
{
    /// <exception cref="TorrentException">No peer gave it, the disk failed, or the files do not fit.</exception>
    /// <exception cref="RejectedTorrentException">What the peers gave is not this community's torrent.</exception>
    public async Task Seed(Community community, Torrent torrent, CancellationToken cancellation)
    {
        var id = community.Id!;
        var content = await files.Find(id, torrent.InfoHash, cancellation) ?? await Fetch(community, torrent, cancellation);
        await engine.Seed(content, cancellation);
        if (community.Seeders.TryGetValue(node.Value.Name, out var known) && known == engine.Peer)
            return;
        await Send(new ConfirmSeeding(id, torrent.InfoHash, node.Value.Name, engine.Peer), cancellation);
    }

    /// <summary>Once a seeder that can be reached has taken the torrent over, it is served here no more. If this node was a seeder before, it says so.</summary>
    public async Task LetGo(Community community, Torrent torrent, CancellationToken cancellation)
    {
        if (!community.Seeders.Any(seeder => seeder.Key != node.Value.Name && seeder.Value is not null))
            return;
        if (community.Serving.ContainsKey(node.Value.Name))
            await Send(new ReportSeedingStopped(community.Id!, node.Value.Name, Retired: false), cancellation);
        await engine.Stop(torrent.InfoHash, cancellation);
    }

    // A new id each time: what it reports may have become news again since an earlier report of the same.
    private Task Send(IReport report, CancellationToken cancellation) => reports.Report(report, Guid.CreateVersion7(), cancellation);

    private async Task<TorrentContent> Fetch(Community community, Torrent torrent, CancellationToken cancellation)
    {
        // The peers of the magnet's day come last: they may be gone, or strangers.
        var magnet = Magnetlink.Of(torrent.InfoHash, community.Id!, torrent.Magnetlink.Trackers).WithPeers(Peers(community, torrent));
        var info = await engine.FetchMetadata(magnet, cancellation);
        var content = await files.Accept(magnet, community.Id!, info, cancellation);
        await engine.DownloadIndex(content, magnet.Peers, cancellation);
        // An index that is none is refused before the data is fetched.
        await files.ReadIndex(content, cancellation);
        await engine.Download(content, magnet.Peers, DataChoice.All, new Unwatched(), cancellation);
        await files.Complete(content, cancellation);
        return content;
    }

    /// <summary>The node that made it, then those that serve it, then whom its magnet names.</summary>
    private IEnumerable<PeerAddress> Peers(Community community, Torrent torrent) =>
        new[] { torrent.Peer }
            .Concat(community.Seeders.Where(seeder => seeder.Key != node.Value.Name).Select(seeder => seeder.Value))
            .OfType<PeerAddress>()
            .Concat(torrent.Magnetlink.Peers)
            .Distinct();

    private sealed class Unwatched : IProgress<TorrentProgress>
    {
        public void Report(TorrentProgress value) { }
    }
}
