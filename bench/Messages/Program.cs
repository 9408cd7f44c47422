using EventArchive.Bench;
using EventArchive.Bench.Messages;

var quick = args.Contains("--quick");
var report = new Report(
    "Messages",
    $"Commit {await Report.Commit()}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, {Environment.ProcessorCount} cores, medians. Sealing and opening run on one "
        + "thread. The limit is what the bytes need, each part measured alone in the same run on the same bytes: two signatures or two recoveries of libsecp256k1, "
        + "Keccak-256 of what they sign, and AES-256-GCM with a cipher at hand. Recording: the development node, PostgreSQL with fsync on and the program share "
        + "the cores; the time is from the first poll until the last message is committed."
);
if (Wanted("layers"))
    new LayerBench(rounds: quick ? 5 : 15).Run(report);
if (Wanted("recording"))
    await new RecordingBench(rounds: quick ? 1 : 5, messages: quick ? 5_000 : 10_000).Run(report);
if (args.Length == 0)
    await report.Save();

// Naming parts runs them alone: layers, recording.
bool Wanted(string part) => args.All(argument => argument == "--quick") || args.Contains(part);
