using System.Runtime.CompilerServices;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventArchive.Archives;

/// <summary>A folder with an archive tree in it, for whoever builds, looks into or empties one without a service.</summary>
public sealed class ArchiveFolder
{
    private const int MessagesPerReport = 1000;

    private readonly FolderSeals? seals;

    private ArchiveFolder(ArchiveTreeOptions options, FolderSeals? seals) =>
        (this.seals, Tree) = (seals, new ArchiveTree(options, NullLogger<ArchiveTree>.Instance, seals?.Keys ?? new InMemoryRatchetKeys()));

    public ArchiveTree Tree { get; }

    /// <param name="seals">Null: nothing in it is encrypted.</param>
    /// <exception cref="ArchiveRootMissingException">There is no such folder.</exception>
    public static ArchiveFolder Open(string path, FolderSeals? seals = null)
    {
        var options = new ArchiveTreeOptions { Root = path };
        new ArchiveRoot(options).Check();
        return new(options, seals);
    }

    /// <summary>Opens the folder, and makes it when it is not there.</summary>
    /// <param name="seals">Null: nothing in it is encrypted.</param>
    public static ArchiveFolder OpenOrCreate(string path, FolderSeals? seals = null)
    {
        Directory.CreateDirectory(path);
        return new(new ArchiveTreeOptions { Root = path }, seals);
    }

    /// <summary>
    /// Cuts a message file. On a folder that holds archives of the community already the new ones are appended, also for a period that was cut
    /// before, as status-go does.
    /// </summary>
    /// <param name="community">The file's community; the caller derives it where the file has only a private key.</param>
    public Task<CutOutcome> Build(MessageFile file, CommunityId community, CancellationToken cancellation) =>
        Build(file, community, progress: null, cancellation);

    /// <param name="progress">Told how many messages were taken in, from time to time.</param>
    public async Task<CutOutcome> Build(MessageFile file, CommunityId community, IProgress<long>? progress, CancellationToken cancellation)
    {
        var parent = await Tree.FindPresent(community, cancellation);
        var committed = parent is null ? 0 : TorrentFile.Read(parent.TorrentFile, community).DataBytes;
        var plan = new CutPlan(
            community,
            file.StartDate,
            file.EndDate,
            file.PartitionSeconds,
            file.ContentTopics,
            parent?.InfoHash,
            committed
        )
        {
            Sealing = await Sealing(community, parent, cancellation),
        };
        return await Tree.Cut(plan, progress is null ? file.ReadMessages : Counted(file, progress), cancellation);
    }

    /// <summary>Every torrent of the folder with its archives.</summary>
    /// <param name="countMessages">Also read every archive, check it and count its messages.</param>
    /// <exception cref="RejectedTorrentException">A .torrent or an index is not one.</exception>
    /// <exception cref="MissingArchiveFilesException">A file is missing or not whole.</exception>
    public async Task<IReadOnlyList<InspectedTorrent>> Inspect(bool countMessages, CancellationToken cancellation)
    {
        List<InspectedTorrent> inspected = [];
        await foreach (var torrent in List(cancellation))
        {
            List<InspectedArchive> archives = [];
            foreach (var entry in await Tree.ReadIndex(torrent, cancellation))
                archives.Add(new(entry, countMessages ? await Tree.CountMessages(torrent, entry, cancellation) : null));
            inspected.Add(new(torrent, TorrentFile.Read(torrent.TorrentFile, torrent.CommunityId), archives));
        }
        return inspected;
    }

    /// <summary>All messages of all archives, by community and then by place in <c>data</c>.</summary>
    /// <exception cref="UnreadableArchiveException">An archive is not one; those before it were given out.</exception>
    public async IAsyncEnumerable<ExtractedMessage> Extract([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var torrent in List(cancellation))
        {
            foreach (var entry in await Tree.ReadIndex(torrent, cancellation))
            {
                await foreach (var message in Tree.Extract(torrent, entry, cancellation))
                    yield return new(torrent.CommunityId, entry.Id, message);
            }
        }
    }

    /// <summary>The messages of the named archives, also from torrents of which only some archives were fetched.</summary>
    /// <exception cref="UnreadableArchiveException">An archive is not one, or not here.</exception>
    /// <exception cref="FormatException">No index names one of them.</exception>
    public async IAsyncEnumerable<ExtractedMessage> Extract(
        IReadOnlyCollection<ArchiveId> only,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        HashSet<ArchiveId> left = [.. only];
        foreach (var torrent in await List(cancellation).Concat(Parts()).ToListAsync(cancellation))
        {
            foreach (var entry in (await Tree.ReadIndex(torrent, cancellation)).Where(entry => left.Remove(entry.Id)))
            {
                await foreach (var message in Tree.Extract(torrent, entry, cancellation))
                    yield return new(torrent.CommunityId, entry.Id, message);
            }
        }
        if (left.FirstOrDefault() is { } unknown)
            throw new FormatException($"No index in the folder names the archive {unknown}.");

        IAsyncEnumerable<TorrentContent> Parts() =>
            Tree.ListParts().Where(part => File.Exists(part.IndexPath) && File.Exists(part.DataPath)).Select(Stated).ToAsyncEnumerable();
    }

    /// <summary>The newest key, behind the numbers that the folder's index and the key file show as used.</summary>
    private async Task<ArchiveSealing?> Sealing(CommunityId community, TorrentContent? parent, CancellationToken cancellation)
    {
        if (seals is null)
            return null;
        if (parent is not null)
            await Tree.ReadIndex(Stated(parent), cancellation);
        var newest =
            await seals.Keys.FindNewest(community, cancellation)
            ?? throw new FormatException($"The key file has no key of community {community}.");
        return new ArchiveSealing(newest.Key.Id, checked(newest.HighestSeqNo + 1), seals.EncryptedAfter, parent is not null);
    }

    private TorrentContent Stated(TorrentContent torrent) => torrent with { EncryptedAfter = seals?.EncryptedAfter };

    private static ReadMessages Counted(MessageFile file, IProgress<long> progress)
    {
        var count = 0L;
        return Read;

        async IAsyncEnumerable<ArchivedMessage> Read(CutWindow window, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await foreach (var message in file.ReadMessages(window, cancellation))
            {
                if (++count % MessagesPerReport == 0)
                    progress.Report(count);
                yield return message;
            }
        }
    }

    /// <summary>Unlike the service, whoever looks into one folder wants to hear of a file that cannot be read.</summary>
    private async IAsyncEnumerable<TorrentContent> List([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var community in Tree.ListCommunities())
        {
            if (await Tree.FindPresent(community, cancellation) is { } present)
                yield return Stated(present);
        }
    }
}

/// <param name="Content">Where the files lie, the info-hash and the magnet.</param>
/// <param name="File">The .torrent: lengths and pieces.</param>
/// <param name="Archives">By offset.</param>
public sealed record InspectedTorrent(TorrentContent Content, TorrentFile File, IReadOnlyList<InspectedArchive> Archives);

/// <param name="Messages">Null: not counted.</param>
public sealed record InspectedArchive(ArchiveEntry Entry, int? Messages);

public sealed record ExtractedMessage(CommunityId CommunityId, ArchiveId ArchiveId, ArchivedMessage Message);
