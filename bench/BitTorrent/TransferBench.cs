using EventArchive.Bench;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;

namespace EventArchive.Bench.BitTorrent;

/// <summary>One seeder, one leecher, one torrent on loopback, by several programs in turns.</summary>
internal sealed class TransferBench(string folder, int rounds, int pieces, int transmissionPieces)
{
    private const double Goal = 0.95;
    private const double CpuGoal = 1.1;

    private readonly Dictionary<string, List<Transfer>> transfers = [];
    private readonly List<double> firsts = [];
    private int places;

    public async Task Run(Report report)
    {
        report.Progress($"Making a torrent of {Bytes(pieces) / 1e9:N2} GB");
        var torrent = SampleTorrent.Make(Place(), number: 1, pieces);
        for (var round = 0; round < rounds; round++)
        {
            report.Progress($"Round {round + 1} of {rounds}");
            var (rate, cpu) = await Programs.RawTcp(Bytes(pieces));
            Add("raw TCP", new(rate, cpu / Gigabytes(pieces)));
            // As a seeder that comes upon new files, which like the other programs hashes them first; and as one that trusts them, which hashes each piece when
            // it is first asked for.
            SampleTorrent.ForgetSeeding(torrent);
            Add("ours", await Ours(torrent));
            Add("ours again", await Ours(torrent));
            Add("libtorrent", await Libtorrent(torrent));
            Add("aria2c from ours", await ToAria2(torrent, tracker => Programs.Ours("seed", torrent.Root, tracker)));
            Add(
                "aria2c from libtorrent",
                await ToAria2(torrent, tracker => Programs.Libtorrent("seed", torrent.Root, SampleTorrent.FileOf(torrent), tracker))
            );
        }
        report.Progress("transmission-daemon to aria2c");
        Add("aria2c from transmission", await FromTransmission());

        var table = report.Table(
            $"Transfers of {Bytes(pieces) / 1e9:N2} GB",
            "seeder → leecher",
            "MB/s",
            "CPU s/GB",
            "MB/s against",
            "goal",
            "CPU against",
            "goal of CPU"
        );
        table.Row("raw TCP (iperf3)", Rate("raw TCP"), Cpu("raw TCP"), "", "", "", "");
        table.Row("libtorrent → libtorrent", Rate("libtorrent"), Cpu("libtorrent"), "", "", "", "");
        foreach (var (name, title) in new[] { ("ours", "ours → ours"), ("ours again", "ours → ours, seeder started again") })
            table.Row(
                title,
                Rate(name),
                Cpu(name),
                $"{Of(name, one => one.Rate) / Of("libtorrent", one => one.Rate):0.00} of libtorrent",
                $"{Goal:0.00}",
                $"{Of(name, one => one.Cpu) / Of("libtorrent", one => one.Cpu):0.00} of libtorrent",
                $"{CpuGoal:0.00}"
            );
        table.Row("libtorrent → aria2c", Rate("aria2c from libtorrent"), Cpu("aria2c from libtorrent"), "", "", "", "");
        table.Row(
            "ours → aria2c",
            Rate("aria2c from ours"),
            Cpu("aria2c from ours"),
            $"{Of("aria2c from ours", one => one.Rate) / Of("aria2c from libtorrent", one => one.Rate):0.00} of libtorrent → aria2c",
            $"{Goal:0.00}",
            "",
            ""
        );
        table.Row(
            $"transmission-daemon → aria2c, {Bytes(transmissionPieces) / 1e9:N2} GB, once",
            Rate("aria2c from transmission"),
            Cpu("aria2c from transmission"),
            "",
            "",
            "",
            ""
        );
        report
            .Table("From the magnet to the first archive", "history, GB", "s", "goal, s")
            .Row($"{Gigabytes(pieces):N2}", $"{Report.Median(firsts):N1}", "2.0");
    }

    private async Task<Transfer> Ours(TorrentContent torrent)
    {
        await using var seeder = await Programs.Ours("seed", torrent.Root);
        var before = seeder.CpuSeconds;
        var place = Place();
        var magnet = torrent.Magnetlink.WithPeers([PeerAddress.Parse(seeder.Peer)]).ToString();
        await using var leecher = await Programs.Ours("fetch", place, magnet, $"{Bytes(pieces)}");
        firsts.Add(leecher.Number("first"));
        return Measured(leecher, seeder.CpuSeconds - before, place);
    }

    private async Task<Transfer> Libtorrent(TorrentContent torrent)
    {
        await using var seeder = await Programs.Libtorrent("seed", torrent.Root, SampleTorrent.FileOf(torrent));
        var before = seeder.CpuSeconds;
        var place = Place();
        var magnet = torrent.Magnetlink.WithPeers([PeerAddress.Parse(seeder.Peer)]).ToString();
        await using var leecher = await Programs.Libtorrent("fetch", place, magnet);
        return Measured(leecher, seeder.CpuSeconds - before, place);
    }

    private Transfer Measured(RunningProgram leecher, double seederCpu, string place)
    {
        Directory.Delete(place, recursive: true);
        return new(Bytes(pieces) / 1e6 / leecher.Number("seconds"), (leecher.Number("cpu") + seederCpu) / Gigabytes(pieces));
    }

    private async Task<Transfer> ToAria2(TorrentContent torrent, Func<string, Task<RunningProgram>> start)
    {
        var port = FreePort.Next();
        using var tracker = Programs.Tracker(Place(), port, torrent);
        try
        {
            var announce = $"http://127.0.0.1:{port}/announce";
            await using var seeder = await start(announce);
            await Known(announce, torrent);
            var before = seeder.CpuSeconds;
            var place = Place();
            var (seconds, cpu) = await Programs.Aria2(place, SampleTorrent.FileOf(torrent), announce);
            Directory.Delete(place, recursive: true);
            return new(Bytes(pieces) / 1e6 / seconds, (cpu + seeder.CpuSeconds - before) / Gigabytes(pieces));
        }
        finally
        {
            tracker.Kill();
        }
    }

    private async Task<Transfer> FromTransmission()
    {
        var torrent = SampleTorrent.Make(Place(), number: 2, transmissionPieces);
        var port = FreePort.Next();
        using var tracker = Programs.Tracker(Place(), port, torrent);
        try
        {
            var announce = $"http://127.0.0.1:{port}/announce";
            using var seeder = await Programs.Transmission(Place(), torrent.Root, torrent, announce);
            try
            {
                await Known(announce, torrent);
                var before = CpuTime.Of(seeder.Id);
                var (seconds, cpu) = await Programs.Aria2(Place(), SampleTorrent.FileOf(torrent), announce);
                return new(
                    Bytes(transmissionPieces) / 1e6 / seconds,
                    (cpu + CpuTime.Of(seeder.Id) - before) / Gigabytes(transmissionPieces)
                );
            }
            finally
            {
                seeder.Kill();
            }
        }
        finally
        {
            tracker.Kill();
        }
    }

    /// <summary>Waits until the tracker knows a whole copy.</summary>
    private static async Task Known(string announce, TorrentContent torrent)
    {
        using var http = new HttpClient();
        var escaped = string.Concat(torrent.InfoHash.ToBytes().Select(one => $"%{one:x2}"));
        var scrape = new Uri(announce.Replace("/announce", $"/scrape?info_hash={escaped}", StringComparison.Ordinal));
        await Deadline.Until(
            "the tracker knows the seeder",
            async () =>
            {
                try
                {
                    return System
                        .Text.Encoding.Latin1.GetString(await http.GetByteArrayAsync(scrape))
                        .Contains("completei1e", StringComparison.Ordinal);
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            TimeSpan.FromMinutes(2),
            CancellationToken.None
        );
    }

    private string Place() => Directory.CreateDirectory(Path.Combine(folder, $"{++places}")).FullName;

    private void Add(string name, Transfer transfer)
    {
        if (!transfers.TryGetValue(name, out var known))
            transfers.Add(name, known = []);
        known.Add(transfer);
    }

    private double Of(string name, Func<Transfer, double> value) => Report.Median(transfers[name].Select(value));

    private string Rate(string name) => $"{Of(name, one => one.Rate):N0}";

    private string Cpu(string name) => $"{Of(name, one => one.Cpu):N2}";

    private static long Bytes(int pieces) => (long)pieces * SampleTorrent.PieceBytes;

    private static double Gigabytes(int pieces) => Bytes(pieces) / 1e9;

    /// <param name="Rate">MB a second.</param>
    /// <param name="Cpu">Seconds of both ends for each gigabyte.</param>
    private sealed record Transfer(double Rate, double Cpu);
}
