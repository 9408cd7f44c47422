using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace EventArchive.Archives;

/// <summary>
/// The archive tree on a local disk. Within a process writers of one community wait for each other; across processes the lease of the work
/// does that, and the same cut made twice writes the same bytes. A missing root is an <see cref="ArchiveRootMissingException"/>.
/// </summary>
public sealed class ArchiveTree : IArchiveFiles
{
    private readonly ArchiveTreeOptions options;
    private readonly ILogger<ArchiveTree> logger;
    private readonly Action<SafeFileHandle> sync;
    private readonly ArchiveRoot root;
    private readonly IRatchetKeys keys;
    private readonly ConcurrentDictionary<CommunityId, SemaphoreSlim> writers = new();

    /// <summary>A tree in which nothing is encrypted.</summary>
    public ArchiveTree(ArchiveTreeOptions options, ILogger<ArchiveTree> logger)
        : this(options, logger, new InMemoryRatchetKeys()) { }

    public ArchiveTree(ArchiveTreeOptions options, ILogger<ArchiveTree> logger, IRatchetKeys keys)
        : this(options, logger, Disk.Sync, keys) { }

    internal ArchiveTree(ArchiveTreeOptions options, ILogger<ArchiveTree> logger, Action<SafeFileHandle> sync, IRatchetKeys? keys = null) =>
        (this.options, this.logger, this.sync, root, this.keys) = (
            options,
            logger,
            sync,
            new ArchiveRoot(options),
            keys ?? new InMemoryRatchetKeys()
        );

    /// <exception cref="DivergedDataException">The tree holds other bytes where the plan would write.</exception>
    /// <exception cref="ArchiveRootMissingException">The root is not there.</exception>
    /// <exception cref="MissingArchiveFilesException">The parent's files are not there.</exception>
    /// <exception cref="DamagedDataException">The parent's data is not what its torrent says.</exception>
    public Task<CutOutcome> Cut(CutPlan plan, ReadMessages messages, CancellationToken cancellation) =>
        Write(
            plan.CommunityId,
            async folder =>
            {
                await using var cut = new ArchiveCut(folder, plan, options, logger, new ArchiveSeals(keys, plan.CommunityId));
                return await cut.Run(messages, cancellation);
            },
            cancellation
        );

    public Task<TorrentContent> Accept(
        Magnetlink magnet,
        CommunityId community,
        ReadOnlyMemory<byte> infoDictionary,
        CancellationToken cancellation
    ) =>
        Write(
            community,
            folder =>
            {
                var torrent = TorrentFile.OfInfo(infoDictionary, community, options.Trackers) with { CreatedBy = options.CreatedBy };
                if (torrent.InfoHash != magnet.InfoHash)
                    throw new RejectedTorrentException($"The info dictionary is that of {torrent.InfoHash}, not of {magnet.InfoHash}.");
                if (folder.Find(torrent.InfoHash) is not { } working)
                {
                    working = new WorkingTorrent(torrent, folder.ChooseData(torrent), Complete: false);
                    folder.Prepare();
                    folder.Keep(working);
                }
                return Task.FromResult(folder.ToContent(working) with { MagnetTrackers = magnet.Trackers });
            },
            cancellation
        );

    public async Task<IReadOnlyList<ArchiveEntry>> ReadIndex(TorrentContent torrent, CancellationToken cancellation)
    {
        await Task.CompletedTask.WaitAsync(cancellation);
        var file = TorrentFile.Read(torrent.TorrentFile, torrent.CommunityId);
        var index = Folder(torrent.CommunityId).ReadIndex(file);
        var entries = await ArchiveIndex.Read(index, file.DataBytes, Open(torrent, torrent.EncryptedAfter is not null), cancellation);
        return [.. entries.Select(ArchiveIndex.ToEntry)];
    }

    public Task Complete(TorrentContent torrent, CancellationToken cancellation) =>
        Write(
            torrent.CommunityId,
            folder =>
            {
                var working =
                    folder.Find(torrent.InfoHash)
                    ?? throw new MissingArchiveFilesException(
                        $"The torrent {torrent.InfoHash} was never accepted below {root.FolderPath}."
                    );
                folder.Prepare();
                var index = folder.ReadIndex(working.Torrent);
                folder.CheckData(working);
                folder.Sync(folder.PathOf(working.DataFile));
                folder.KeepIndex(torrent.InfoHash, index);
                folder.Keep(working with { Complete = true });
                folder.MakePresent(working.Torrent, index);
                return Task.FromResult(true);
            },
            cancellation
        );

    /// <summary>
    /// Syncs what was fetched of a torrent of which only some archives are wanted. It does not become the community's: <c>index</c> and
    /// <c>ID.torrent</c> name what is whole.
    /// </summary>
    public Task KeepPart(TorrentContent torrent, CancellationToken cancellation) =>
        Write(
            torrent.CommunityId,
            folder =>
            {
                folder.Sync(torrent.DataPath);
                folder.Sync(torrent.IndexPath);
                folder.SyncFolder();
                return Task.FromResult(true);
            },
            cancellation
        );

    /// <summary>Torrents below the root that were accepted and are not whole yet, or never will be since only some archives are wanted.</summary>
    public IReadOnlyList<TorrentContent> ListParts()
    {
        root.Check();
        return
        [
            .. Directory
                .EnumerateDirectories(root.FolderPath)
                .Select(path => CommunityId.TryParse(Path.GetFileName(path), null, out var community) ? community : null)
                .OfType<CommunityId>()
                .OrderBy(community => community.ToString(), StringComparer.Ordinal)
                .Select(Folder)
                .SelectMany(folder => folder.ListParts().Select(folder.ToContent)),
        ];
    }

    // Readers do not wait for a cut: what they look at is replaced whole.
    public async Task<TorrentContent?> Find(CommunityId community, InfoHash infoHash, CancellationToken cancellation)
    {
        await Task.CompletedTask.WaitAsync(cancellation);
        var folder = Folder(community);
        return folder.Find(infoHash) is { Complete: true } found && folder.IsWhole(found) ? folder.ToContent(found) : null;
    }

    public IReadOnlyList<CommunityId> ListCommunities()
    {
        root.Check();
        return
        [
            .. Directory
                .EnumerateFiles(root.FolderPath, "*.torrent")
                .Select(path => CommunityId.TryParse(Path.GetFileNameWithoutExtension(path), null, out var community) ? community : null)
                .OfType<CommunityId>()
                .OrderBy(community => community.ToString(), StringComparer.Ordinal),
        ];
    }

    public async Task<TorrentContent?> FindPresent(CommunityId community, CancellationToken cancellation)
    {
        await Task.CompletedTask.WaitAsync(cancellation);
        var folder = Folder(community);
        if (folder.FindPresent() is not { } present)
            return null;
        _ = folder.IsWhole(present);
        return folder.ToContent(present);
    }

    public async IAsyncEnumerable<ArchivedMessage> Extract(
        TorrentContent torrent,
        ArchiveEntry entry,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var reader = await ReadSlot(torrent, entry, cancellation);
        foreach (var message in reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return message;
        }
    }

    /// <summary>How many messages an archive holds; the whole archive is read and checked for that.</summary>
    /// <exception cref="UnreadableArchiveException">The bytes are no archive, or a limit was exceeded.</exception>
    public async Task<int> CountMessages(TorrentContent torrent, ArchiveEntry entry, CancellationToken cancellation) =>
        (await ReadSlot(torrent, entry, cancellation)).Messages;

    private async Task<SlotReader> ReadSlot(TorrentContent torrent, ArchiveEntry entry, CancellationToken cancellation)
    {
        root.Check();
        var file = TorrentFile.Read(torrent.TorrentFile, torrent.CommunityId);
        var path = Folder(torrent.CommunityId).PathOf(Path.GetFileName(torrent.DataFile));
        return await SlotReader.Open(path, file, entry, cancellation, Open(torrent, entry.To > torrent.EncryptedAfter));
    }

    private Unseal? Open(TorrentContent torrent, bool encrypted) => encrypted ? new ArchiveSeals(keys, torrent.CommunityId).Open : null;

    private CommunityFolder Folder(CommunityId community) => new(root, community, sync);

    private async Task<T> Write<T>(CommunityId community, Func<CommunityFolder, Task<T>> act, CancellationToken cancellation)
    {
        var writer = writers.GetOrAdd(community, _ => new SemaphoreSlim(1, 1));
        await writer.WaitAsync(cancellation);
        try
        {
            root.CheckWritable();
            return await act(Folder(community));
        }
        finally
        {
            writer.Release();
        }
    }
}
