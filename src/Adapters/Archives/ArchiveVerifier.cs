using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Archives;

/// <summary>
/// Hashes every piece of every community's <c>data</c> and <c>index</c> below a folder and holds it against the .torrent, on all cores.
/// Writes nothing. Memory is a few pieces for each core, and the hashes of one torrent.
/// </summary>
public sealed class ArchiveVerifier
{
    private readonly ArchiveRoot root;
    private readonly ArchiveTree tree;

    /// <exception cref="ArchiveRootMissingException">There is no such folder.</exception>
    public ArchiveVerifier(string path)
    {
        tree = ArchiveFolder.Open(path).Tree;
        root = new ArchiveRoot(new ArchiveTreeOptions { Root = path });
    }

    /// <param name="begun">Told before each community how many bytes its torrent covers.</param>
    /// <param name="progress">Bytes of the present community that are done.</param>
    public async Task<VerifiedArchives> Verify(Action<CommunityId, long>? begun, IProgress<long>? progress, CancellationToken cancellation)
    {
        List<VerifyFault> faults = [];
        var (communities, bytes) = (0, 0L);
        foreach (var community in tree.ListCommunities())
        {
            communities++;
            bytes += await Verify(community, faults, begun, progress, cancellation);
        }
        return new(communities, bytes, faults);
    }

    private async Task<long> Verify(
        CommunityId community,
        List<VerifyFault> faults,
        Action<CommunityId, long>? begun,
        IProgress<long>? progress,
        CancellationToken cancellation
    )
    {
        CommunityFolder folder;
        WorkingTorrent? present;
        try
        {
            folder = new CommunityFolder(root, community, Disk.Sync);
            present = folder.FindPresent();
        }
        catch (Exception fault) when (fault is RejectedTorrentException or IOException)
        {
            faults.Add(new(community, $"{community}.torrent", null, fault.Message, []));
            return 0;
        }
        // Removed between the listing and now.
        if (present is null)
            return 0;
        var torrent = present.Torrent;
        var indexes = new[] { "index", $"index.{torrent.InfoHash}" }
            .Where((name, i) => i == 0 || File.Exists(folder.PathOf(name)))
            .ToList();
        begun?.Invoke(community, torrent.DataBytes + (torrent.IndexBytes * indexes.Count));
        var archives = FindArchives(folder, torrent);
        var done = 0L;
        await Verify(present.DataFile, torrent.DataBytes, torrent.DataPieces);
        foreach (var index in indexes)
            await Verify(index, torrent.IndexBytes, torrent.IndexPieces);
        return done;

        async Task Verify(string name, long length, ReadOnlyMemory<byte> pieces)
        {
            var check = new PieceCheck(folder.PathOf(name), length, pieces);
            await check.Run(
                read =>
                {
                    var now = Interlocked.Add(ref done, read);
                    progress?.Report(now);
                },
                cancellation
            );
            foreach (var (first, last, reason) in check.Faults())
                faults.Add(new(community, name, (first, last), reason, name == present.DataFile ? Touched(archives, first, last) : []));
        }
    }

    /// <summary>Which archives lie on a piece is the index's to say; a broken one names none.</summary>
    private static IReadOnlyList<ArchiveEntry> FindArchives(CommunityFolder folder, TorrentFile torrent)
    {
        try
        {
            return [.. ArchiveIndex.Read(folder.ReadIndex(torrent), torrent.DataBytes).Select(ArchiveIndex.ToEntry)];
        }
        catch (Exception fault) when (fault is RejectedTorrentException or IOException)
        {
            return [];
        }
    }

    private static IReadOnlyList<ArchiveId> Touched(IReadOnlyList<ArchiveEntry> archives, long first, long last) =>
        [
            .. archives
                .Where(archive =>
                    archive.Offset / ArchiveFormat.PieceBytes <= last && (archive.Offset + archive.Size) / ArchiveFormat.PieceBytes > first
                )
                .Select(archive => archive.Id),
        ];
}

/// <param name="Bytes">What the torrents cover.</param>
public sealed record VerifiedArchives(int Communities, long Bytes, IReadOnlyList<VerifyFault> Faults);

/// <param name="File">Name inside the community's folder, or ID.torrent.</param>
/// <param name="Pieces">The first and last piece of the file that differ, counted from its beginning; null: it is not about pieces.</param>
/// <param name="Archives">Those that lie on these pieces, as far as the index can be read.</param>
public sealed record VerifyFault(
    CommunityId CommunityId,
    string File,
    (long First, long Last)? Pieces,
    string Reason,
    IReadOnlyList<ArchiveId> Archives
);
