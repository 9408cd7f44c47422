using EventArchive.Bench;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Bench.BitTorrent;

/// <summary>Whether the rate limits hold, for a seeder's uploads and for a leecher's downloads.</summary>
internal sealed class LimitBench(string folder, int pieces)
{
    private const int Limit = 20_000_000;

    public async Task Run(Report report)
    {
        report.Progress("Rate limits");
        var torrent = SampleTorrent.Make(Place("seeder"), number: 3, pieces);
        var table = report.Table(
            $"Rate limits, {(double)pieces * SampleTorrent.PieceBytes / 1e9:N2} GB, once",
            "limited",
            "limit, MB/s",
            "MB/s",
            "of the limit"
        );
        Row("upload", await Rate(torrent, Programs.Ours("seed-limited", torrent.Root, $"{Limit}"), downloadLimit: 0));
        Row("download", await Rate(torrent, Programs.Ours("seed", torrent.Root), Limit));

        void Row(string what, double rate) => table.Row(what, $"{Limit / 1e6:N0}", $"{rate:N1}", $"{rate * 1e6 / Limit:0.00}");
    }

    private async Task<double> Rate(TorrentContent torrent, Task<RunningProgram> starting, int downloadLimit)
    {
        await using var seeder = await starting;
        var place = Place($"leecher-{downloadLimit}");
        var bytes = (long)pieces * SampleTorrent.PieceBytes;
        var magnet = torrent.Magnetlink.WithPeers([PeerAddress.Parse(seeder.Peer)]).ToString();
        await using var leecher = await Programs.Ours("fetch", place, magnet, $"{bytes}", $"{downloadLimit}");
        Directory.Delete(place, recursive: true);
        return bytes / 1e6 / leecher.Number("seconds");
    }

    private string Place(string name) => Directory.CreateDirectory(Path.Combine(folder, $"limit-{name}")).FullName;
}
