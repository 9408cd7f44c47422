using System.Runtime.CompilerServices;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventArchive.Archives;

/// <summary>A folder with an archive tree in it, for whoever builds, looks into or empties one without a service.</summary>
public sealed class ArchiveFolder
{
    private const int MessagesPerReport = 1000;

    private ArchiveFolder(ArchiveTreeOptions options) => Tree = new ArchiveTree(options, NullLogger<ArchiveTree>.Instance);

    public ArchiveTree Tree { get; }

    /// <exception cref="ArchiveRootMissingException">There is no such folder.</exception>
    public static ArchiveFolder Open(string path)
    {
        var options = new ArchiveTreeOptions { Root = path };
        new ArchiveRoot(options).Check();
        return new(options);
    }

    /// <summary>Opens the folder, and makes it when it is not there.</summary>
    public static ArchiveFolder OpenOrCreate(string path)
    {
        Directory.CreateDirectory(path);
        return new(new ArchiveTreeOptions { Root = path });
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
        );
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
                yield return present;
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
