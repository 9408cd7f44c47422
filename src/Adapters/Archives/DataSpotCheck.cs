using System.Buffers.Binary;
using EventArchive.Model;

namespace EventArchive.Archives;

/// <summary>
/// Whether a <c>data</c> that is about to be continued is still what its torrent says. A few pieces are hashed, always the last one, which a
/// torn append hits first; all of them are <c>archive verify</c>'s.
/// </summary>
internal static class DataSpotCheck
{
    /// <summary>Pieces hashed before a cut continues a torrent: 1.6 MB, whatever the length of <c>data</c>.</summary>
    public const int CheckedPieces = 16;

    /// <exception cref="DamagedDataException">A piece is not the torrent's.</exception>
    public static void Run(string path, TorrentFile torrent)
    {
        using var file = Disk.OpenRead(path);
        foreach (var piece in Choose(torrent.InfoHash, torrent.DataBytes / ArchiveFormat.PieceBytes))
        {
            var bytes = Disk.Read(file, piece * ArchiveFormat.PieceBytes, ArchiveFormat.PieceBytes);
            var expected = torrent.DataPieces.Slice((int)piece * ArchiveFormat.PieceHashBytes, ArchiveFormat.PieceHashBytes);
            if (!PieceHashes.Of(bytes).AsSpan().SequenceEqual(expected.Span))
                throw new DamagedDataException(
                    $"Piece {piece} of {path} is not that of torrent {torrent.InfoHash}, so nothing was written. See which pieces differ with "
                        + "eventarchive archive verify, restore the file from a copy or download the torrent again, then cut again."
                );
        }
    }

    /// <summary>The same for every try at a torrent, others for the next one; in the order of their places.</summary>
    internal static IReadOnlyCollection<long> Choose(InfoHash infoHash, long pieces)
    {
        SortedSet<long> chosen = [pieces - 1];
        var seed = BinaryPrimitives.ReadUInt64LittleEndian(infoHash.ToBytes());
        // The odd constant of splitmix64 steps through all 64-bit numbers.
        for (; chosen.Count < Math.Min(pieces, CheckedPieces); seed += 0x9E3779B97F4A7C15)
            chosen.Add((long)((seed >> 1) % (ulong)pieces));
        return chosen;
    }
}
