using EventArchive.Bench;
using EventArchive.Bench.BitTorrent;

if (args is ["child", .. var rest])
    return await Child.Run(rest);

var quick = args.Contains("--quick");
var rounds = quick ? 1 : 3;
var pieces = quick ? 2_000 : 20_000;
var transmissionPieces = quick ? 200 : 1_000;
int[] counts = quick ? [100, 1_000] : [100, 1_000, 5_000];
var idle = TimeSpan.FromSeconds(quick ? 3 : 15);

var report = new Report(
    "BitTorrent",
    $"Commit {await Report.Commit()}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} cores, seeder and leecher on 127.0.0.1 of the same "
        + $"machine, medians of {rounds}. MB are 10^6 bytes. libtorrent is python3-libtorrent with the settings of our engine. A transfer is timed from the magnet (aria2c: from "
        + "its start, by a .torrent and a tracker) to the last verified piece, and its CPU seconds are those of seeder and leecher. "
        + "The seeder hashes the files before that; our seeder that is started again trusts them and hashes each piece when it first sends it. The first archive is the first whole "
        + "stretch of 30 MB, as the engine tells it. Memory and idle CPU are those of the whole process, 15 seconds of idling, no peer connected."
);
var folder = Directory.CreateTempSubdirectory("eventarchive-bench-");
try
{
    if (Wanted("transfers"))
        await new TransferBench(folder.FullName, rounds, pieces, transmissionPieces).Run(report);
    if (Wanted("limits"))
        await new LimitBench(folder.FullName, transmissionPieces).Run(report);
    if (Wanted("start"))
        await new StartBench(folder.FullName, counts, idle).Run(report);
    if (Wanted("service"))
        await new ServiceStartBench(folder.FullName, counts[^1]).Run(report);
}
finally
{
    folder.Delete(recursive: true);
}
if (args.Length == 0)
    await report.Save();
return 0;

// Naming parts runs them alone: transfers, limits, start, service.
bool Wanted(string part) => args.All(argument => argument == "--quick") || args.Contains(part);
