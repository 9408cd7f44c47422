using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Win32.SafeHandles;

namespace EventArchive.Archives;

/// <summary>One community's part of the tree: the folder ID with its files, and ID.torrent beside it. No link in it is followed.</summary>
internal sealed class CommunityFolder
{
    /// <summary>Torrents of one data file that are kept: the newest, its parent, and the one before.</summary>
    public const int KeptTorrents = 3;

    private readonly Action<SafeFileHandle> sync;
    private readonly ArchiveRoot root;

    /// <exception cref="ArchiveRootMissingException">The root is not there.</exception>
    public CommunityFolder(ArchiveRoot root, CommunityId community, Action<SafeFileHandle> sync)
    {
        root.Check();
        (this.root, CommunityId, this.sync) = (root, community, sync);
        if (new DirectoryInfo(FolderPath).LinkTarget is not null)
            throw new IOException($"{FolderPath} is a symbolic link; links inside the archive tree are not followed.");
    }

    public string Root => root.FolderPath;

    public CommunityId CommunityId { get; }

    public string FolderPath => Path.Combine(Root, CommunityId.ToString());

    public string TorrentPath => Path.Combine(Root, $"{CommunityId}.torrent");

    public string PathOf(string name) => Path.Combine(FolderPath, name);

    public string IndexPath(InfoHash infoHash) => PathOf($"index.{infoHash}");

    /// <summary>Makes the folder if need be, durably, and removes what interrupted writers left.</summary>
    public void Prepare()
    {
        root.Check();
        if (!Directory.Exists(FolderPath))
        {
            // Linux only, as all of this project: 0700 is what status-go gives the folder.
#pragma warning disable CA1416
            Directory.CreateDirectory(FolderPath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416
            Disk.SyncDirectory(Root, sync);
        }
        Disk.RemoveTemporaries(FolderPath);
        Disk.RemoveTemporariesOf(TorrentPath);
    }

    public WorkingTorrent? FindWorking(InfoHash infoHash)
    {
        var bytes = Disk.ReadAll(PathOf($"torrent.{infoHash}"), Bencode.MaxBytes);
        var working = bytes is null ? null : WorkingTorrent.Read(bytes, CommunityId);
        return working is null || working.Torrent.InfoHash == infoHash
            ? working
            : throw new RejectedTorrentException($"The kept torrent {infoHash} is that of {working.Torrent.InfoHash}.");
    }

    /// <summary>What ID.torrent names. A folder made by status-go has that file, <c>data</c> and <c>index</c>, and nothing of ours.</summary>
    public WorkingTorrent? FindPresent()
    {
        var bytes = Disk.ReadAll(TorrentPath, Bencode.MaxBytes);
        if (bytes is null)
            return null;
        var torrent = TorrentFile.Read(bytes, CommunityId);
        return FindWorking(torrent.InfoHash) ?? new WorkingTorrent(torrent, WorkingTorrent.SharedData, Complete: true);
    }

    /// <summary>The torrent with this info-hash, kept or present.</summary>
    public WorkingTorrent? Find(InfoHash infoHash) =>
        FindWorking(infoHash) ?? (FindPresent() is { } present && present.Torrent.InfoHash == infoHash ? present : null);

    /// <summary>Kept torrents that are not complete.</summary>
    public IEnumerable<WorkingTorrent> ListParts() =>
        Directory
            .EnumerateFiles(FolderPath, "torrent.*")
            .Order(StringComparer.Ordinal)
            .Select(path => InfoHash.TryParse(Path.GetExtension(path).TrimStart('.'), null, out var infoHash) ? infoHash : null)
            .OfType<InfoHash>()
            .Select(FindWorking)
            .OfType<WorkingTorrent>()
            .Where(working => !working.Complete);

    public void Keep(WorkingTorrent working) => PutOnce(PathOf($"torrent.{working.Torrent.InfoHash}"), working.ToBytes().Span);

    public void KeepIndex(InfoHash infoHash, ReadOnlySpan<byte> index) => PutOnce(IndexPath(infoHash), index);

    /// <summary>Makes a torrent the one that ID.torrent and foreign programs name.</summary>
    public void MakePresent(TorrentFile torrent, ReadOnlySpan<byte> index)
    {
        Disk.WriteAtomically(PathOf("index"), index, sync);
        Disk.WriteAtomically(TorrentPath, torrent.ToMemory().Span, sync);
    }

    /// <summary>
    /// Removes all but the newest torrents that share a data file; with their hashes they would grow by megabytes a week. The parent stays for a
    /// cut that is made again, and one more for an engine that still serves it, or a cut that comes late. A download under way is not touched.
    /// </summary>
    public void RemoveSuperseded(WorkingTorrent newest)
    {
        List<(InfoHash InfoHash, long DataBytes)> superseded = [];
        var kept = Directory.GetFiles(FolderPath, "torrent.*");
        // Each holds megabytes: as long as there are few nobody looks into them.
        foreach (var path in kept.Length > KeptTorrents ? kept : [])
        {
            // The hashes of each are let go at once: they may be many, the first time.
            if (FindSuperseded(path, newest) is { } older)
                superseded.Add((older.InfoHash, older.DataBytes));
        }
        foreach (
            var (infoHash, _) in superseded
                .OrderByDescending(older => older.DataBytes)
                .ThenBy(older => older.InfoHash.ToString(), StringComparer.Ordinal)
                .Skip(KeptTorrents - 1)
        )
        {
            // In this order: a kill in between leaves what the next cut finds and removes.
            File.Delete(IndexPath(infoHash));
            File.Delete(PathOf($"torrent.{infoHash}"));
        }
    }

    public void Sync(string path)
    {
        using var file = Disk.OpenRead(path);
        sync(file);
    }

    public void Sync(SafeFileHandle file) => sync(file);

    public void SyncFolder() => Disk.SyncDirectory(FolderPath, sync);

    /// <summary>The torrent's index, its bytes verified against the piece hashes.</summary>
    /// <exception cref="MissingArchiveFilesException">It is not there, or not whole.</exception>
    public byte[] ReadIndex(TorrentFile torrent)
    {
        var path = IndexPath(torrent.InfoHash);
        var bytes = Disk.ReadAll(path, ArchiveFormat.MaxIndexBytes) ?? Disk.ReadAll(PathOf("index"), ArchiveFormat.MaxIndexBytes);
        return
            bytes is not null
            && bytes.Length == torrent.IndexBytes
            && PieceHashes.Of(bytes).AsSpan().SequenceEqual(torrent.IndexPieces.Span)
            ? bytes
            : throw new MissingArchiveFilesException(
                $"{path} is missing, or its bytes are not those of the torrent: download or restore it."
            );
    }

    /// <exception cref="MissingArchiveFilesException">The data file is not there, or too short.</exception>
    public void CheckData(WorkingTorrent working)
    {
        var path = PathOf(working.DataFile);
        try
        {
            using var file = Disk.OpenRead(path);
            var bytes = RandomAccess.GetLength(file);
            if (bytes < working.Torrent.DataBytes)
                throw new MissingArchiveFilesException(
                    $"{path} has {bytes} of {working.Torrent.DataBytes} bytes: restore it, or download the torrent again."
                );
        }
        catch (FileNotFoundException fault)
        {
            throw new MissingArchiveFilesException($"{path} is missing: restore it, or download the torrent again.", fault);
        }
    }

    /// <summary>
    /// Torrents that agree where both have pieces share one data file; a history that was rebuilt elsewhere gets one of its own, since the
    /// present one may be seeded and is never rewritten.
    /// </summary>
    public string ChooseData(TorrentFile torrent)
    {
        if (FindPresent() is not { } present)
            return WorkingTorrent.SharedData;
        var common = Math.Min(present.Torrent.DataPieces.Length, torrent.DataPieces.Length);
        return present.Torrent.DataPieces.Span[..common].SequenceEqual(torrent.DataPieces.Span[..common])
            ? present.DataFile
            : $"{WorkingTorrent.SharedData}.{torrent.InfoHash}";
    }

    /// <summary>Both files are there in full length. The engine maps index.INFOHASH: a folder that status-go made gets it here.</summary>
    public bool IsWhole(WorkingTorrent working)
    {
        try
        {
            CheckData(working);
            var index = ReadIndex(working.Torrent);
            if (!File.Exists(IndexPath(working.Torrent.InfoHash)))
                KeepIndex(working.Torrent.InfoHash, index);
            return true;
        }
        catch (MissingArchiveFilesException)
        {
            return false;
        }
    }

    public TorrentContent ToContent(WorkingTorrent working) =>
        new(
            CommunityId,
            working.Torrent.InfoHash,
            working.Torrent.Magnetlink,
            working.Torrent.ToMemory(),
            Root,
            Path.Combine(CommunityId.ToString(), working.DataFile),
            Path.Combine(CommunityId.ToString(), $"index.{working.Torrent.InfoHash}")
        );

    private TorrentFile? FindSuperseded(string path, WorkingTorrent newest)
    {
        if (!InfoHash.TryParse(Path.GetExtension(path).TrimStart('.'), null, out var infoHash) || infoHash == newest.Torrent.InfoHash)
            return null;
        try
        {
            return
                FindWorking(infoHash) is { Complete: true } older
                && older.DataFile == newest.DataFile
                && newest.Torrent.DataPieces.Span.StartsWith(older.Torrent.DataPieces.Span)
                ? older.Torrent
                : null;
        }
        catch (RejectedTorrentException)
        {
            // Whatever it is, it is not ours to remove.
            return null;
        }
    }

    /// <summary>The engine may have the file open: one that has these bytes already stays the file it is.</summary>
    private void PutOnce(string path, ReadOnlySpan<byte> bytes)
    {
        if (Disk.ReadAll(path, Bencode.MaxBytes) is not { } present || !bytes.SequenceEqual(present))
        {
            Disk.WriteAtomically(path, bytes, sync);
            return;
        }
        // Whoever wrote it may have been killed before it was durable.
        Sync(path);
        SyncFolder();
    }
}
