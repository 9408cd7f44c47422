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

    public static TorrentException Mismatch(TorrentContent torrent, TorrentShape shape, LoadedTorrent loaded)
    {
        var bad = loaded.Pieces.Count(piece => !piece);
        var first = loaded.Pieces.TakeWhile(piece => piece).Count();
        var file = (long)first * shape.PieceBytes < shape.DataBytes ? torrent.DataFile : torrent.IndexFile;
        return new TorrentException(
            $"The files do not fit torrent {torrent.InfoHash}: {bad} of {shape.PieceCount} pieces differ, the first is piece {first} in "
                + $"{Path.Combine(torrent.Root, file)}. Restore the file from a copy, or download the torrent from another peer."
        );
    }

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
