using System.Globalization;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.BitTorrent;

/// <summary>What a file looked like from outside when it was last verified. Time in ticks of 100 ns.</summary>
internal readonly record struct FileStamp(long Bytes, long ModifiedTicks)
{
    /// <summary>Null: there is no such file.</summary>
    public static FileStamp? Of(string path) =>
        new FileInfo(path) is { Exists: true } file ? new FileStamp(file.Length, file.LastWriteTimeUtc.Ticks) : null;
}

/// <summary>
/// That this node has verified the files of a torrent, and how much it has sent of it: one line in <c>.seeded</c> in the community's folder.
/// While sizes and times are the same, a restart need not hash the files again. A lost or torn record only costs that.
/// </summary>
internal sealed record SeedRecord(InfoHash InfoHash, FileStamp Data, FileStamp Index, long UploadedBytes)
{
    private const string FileName = ".seeded";
    private const int MaxBytes = 512;

    /// <summary>Null: there are no two files.</summary>
    public static SeedRecord? Of(TorrentContent torrent, long uploadedBytes) =>
        (FileStamp.Of(torrent.DataPath), FileStamp.Of(torrent.IndexPath)) is ({ } data, { } index)
            ? new SeedRecord(torrent.InfoHash, data, index, uploadedBytes)
            : null;

    /// <summary>Null: there is none of this torrent.</summary>
    public static SeedRecord? Read(TorrentContent torrent)
    {
        try
        {
            var file = new FileInfo(PathOf(torrent));
            if (!file.Exists || file.Length > MaxBytes)
                return null;
            var fields = File.ReadAllText(file.FullName).TrimEnd('\n').Split(' ');
            if (fields.Length != 6 || !string.Equals(fields[0], torrent.InfoHash.ToString(), StringComparison.Ordinal))
                return null;
            var numbers = Array.ConvertAll(fields[1..], field => long.Parse(field, NumberStyles.None, CultureInfo.InvariantCulture));
            return new SeedRecord(
                torrent.InfoHash,
                new FileStamp(numbers[0], numbers[1]),
                new FileStamp(numbers[2], numbers[3]),
                numbers[4]
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>A folder that cannot be written is no fault: the next start hashes.</summary>
    public void Write(TorrentContent torrent)
    {
        var path = PathOf(torrent);
        var temporary = path + ".tmp";
        try
        {
            var (data, index) = (Data, Index);
            File.WriteAllText(
                temporary,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{InfoHash} {data.Bytes} {data.ModifiedTicks} {index.Bytes} {index.ModifiedTicks} {UploadedBytes}\n"
                )
            );
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }

    /// <summary>The files turned out to be others.</summary>
    public static void Remove(TorrentContent torrent)
    {
        try
        {
            File.Delete(PathOf(torrent));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }

    public bool HasFilesOf(SeedRecord other) => (Data, Index) == (other.Data, other.Index);

    private static string PathOf(TorrentContent torrent) => Path.Combine(Path.GetDirectoryName(torrent.IndexPath)!, FileName);
}
