using System.Diagnostics;
using System.Security.Cryptography;
using EventArchive.Archives;

namespace EventArchive.Bench.Archives;

/// <summary>Hashing a chunk of memory again and again, in megabytes a second.</summary>
internal static class HashRates
{
    private const double Megabyte = 1_000_000;

    private static readonly byte[] Buffer = new byte[DataWriter.ChunkBytes];

    public static double Ours() => Rate(() => PieceHashes.Of(Buffer));

    /// <summary>
    /// A thread and a buffer for each core, none of which waits for the others: as the ranges of a verification, and the chunks of several cuts.
    /// </summary>
    public static double OursOnAllCores()
    {
        var rates = new double[Environment.ProcessorCount];
        var threads = rates
            .Select(
                (_, core) =>
                {
                    var own = Buffer.ToArray();
                    return new Thread(() => rates[core] = Rate(() => PieceHashes.Of(own)));
                }
            )
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return rates.Sum();
    }

    public static double Sha1()
    {
        var hash = new byte[SHA1.HashSizeInBytes];
        return Rate(() =>
        {
            // BitTorrent's hash; the same pieces as ours.
#pragma warning disable CA5350
            for (var at = 0; at < Buffer.Length; at += ArchiveFormat.PieceBytes)
                SHA1.HashData(Buffer.AsSpan(at, ArchiveFormat.PieceBytes), hash);
#pragma warning restore CA5350
        });
    }

    private static double Rate(Action hash)
    {
        hash();
        var clock = Stopwatch.StartNew();
        var times = 0;
        for (; clock.ElapsedMilliseconds < 300; times++)
            hash();
        return times * (Buffer.Length / Megabyte) / clock.Elapsed.TotalSeconds;
    }
}
