using System.Diagnostics;
using EventArchive.Archives;

namespace EventArchive.Bench.Archives;

/// <summary>The limit of the disk: as many bytes from memory, written and synced as a cut does it; nothing is read, built or hashed.</summary>
internal static class DiskWrites
{
    private static readonly byte[] Chunk = RandomChunk();

    /// <returns>Seconds until the last byte was synced. The folder is gone afterwards.</returns>
    public static double Run(string folder, long bytes)
    {
        var clock = Stopwatch.StartNew();
        using (var file = Disk.OpenOrCreate(Path.Combine(folder, "data")))
        {
            var writes = new PacedWrites(file);
            for (long at = 0; at < bytes; at += Chunk.Length)
                writes.Write(Chunk.AsSpan(0, (int)Math.Min(Chunk.Length, bytes - at)), at);
            Disk.Sync(file);
        }
        var seconds = clock.Elapsed.TotalSeconds;
        Directory.Delete(folder, recursive: true);
        return seconds;
    }

    private static byte[] RandomChunk()
    {
        var bytes = new byte[DataWriter.ChunkBytes];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
