using EventArchive.Handlers;

namespace EventArchive.BitTorrent;

/// <summary>Whether what is on disk can be the content of a torrent. Files may be longer than the torrent says: <c>data</c> grows.</summary>
internal static class SeedFiles
{
    /// <exception cref="TorrentException">A file is missing or too short.</exception>
    public static void Require(TorrentContent torrent, TorrentShape shape)
    {
        if (FindFault(torrent, shape) is { } fault)
            throw new TorrentException(fault);
    }

    /// <summary>Null: both files are there in full length.</summary>
    public static string? FindFault(TorrentContent torrent, TorrentShape shape) =>
        FindFault(torrent.DataPath, shape.DataBytes, torrent) ?? FindFault(torrent.IndexPath, shape.IndexBytes, torrent);

    /// <param name="pieces">Whether each piece is the torrent's.</param>
    public static FilesDifferException Mismatch(TorrentContent torrent, TorrentShape shape, IReadOnlyList<bool> pieces)
    {
        var bad = pieces.Count(piece => !piece);
        var first = pieces.TakeWhile(piece => piece).Count();
        return new FilesDifferException(
            $"The files do not fit torrent {torrent.InfoHash}: {bad} of {shape.PieceCount} pieces differ, the first is piece {first} in "
                + $"{((long)first * shape.PieceBytes < shape.DataBytes ? torrent.DataPath : torrent.IndexPath)}. Restore the file from a copy, or download the torrent from another peer."
        );
    }

    public static string Unreadable(TorrentContent torrent) =>
        $"The files of torrent {torrent.InfoHash} below {torrent.Root} cannot be read. Look at the disk: when they can be, they are hashed and served again.";

    private static string? FindFault(string path, long bytes, TorrentContent torrent) =>
        FileStamp.Of(path) switch
        {
            null when !Directory.Exists(torrent.Root) =>
                $"{torrent.Root} is not there, so torrent {torrent.InfoHash} cannot be seeded. If its disk is not mounted, mount it.",
            null => $"{path} is missing, so torrent {torrent.InfoHash} cannot be seeded. Restore it, or download the torrent.",
            { } file when file.Bytes < bytes =>
                $"{path} has {file.Bytes} bytes, but torrent {torrent.InfoHash} needs {bytes}. Restore it, or download the torrent.",
            _ => null,
        };
}
