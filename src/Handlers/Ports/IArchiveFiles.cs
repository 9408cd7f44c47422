using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>
/// The archive tree below one root: <c>ID/data</c> (only grows), <c>ID/index</c>, one immutable <c>ID/index.INFOHASH</c> for each
/// torrent, and <c>ID.torrent</c>. Nothing is visible under its final name before it is complete and synced.
/// </summary>
public interface IArchiveFiles
{
    /// <summary>Cuts the plan's window. Same plan and messages: same bytes, however often it is interrupted.</summary>
    Task<CutOutcome> Cut(CutPlan plan, ReadMessages messages, CancellationToken cancellation);

    /// <summary>
    /// A foreign info dictionary is checked (exactly the files data and index, name = the community id, sizes in range) and kept, so that the
    /// download can begin or go on. Chooses a data file of its own where the pieces differ from what is on disk.
    /// </summary>
    /// <exception cref="RejectedTorrentException">It is not an archive torrent of this community.</exception>
    Task<TorrentContent> Accept(
        Magnetlink magnet,
        CommunityId community,
        ReadOnlyMemory<byte> infoDictionary,
        CancellationToken cancellation
    );

    /// <summary>The index of an accepted torrent, each entry checked against the named limits.</summary>
    /// <exception cref="RejectedTorrentException">The index is not one.</exception>
    /// <exception cref="RatchetKeyMissingException">It is encrypted, and the key is not here.</exception>
    Task<IReadOnlyList<ArchiveEntry>> ReadIndex(TorrentContent torrent, CancellationToken cancellation);

    /// <summary>Makes a wholly downloaded torrent the community's: syncs it, writes <c>index</c> and <c>ID.torrent</c>.</summary>
    Task Complete(TorrentContent torrent, CancellationToken cancellation);

    /// <summary>A torrent of the community that is complete on disk; null if there is none with this info-hash.</summary>
    Task<TorrentContent?> Find(CommunityId community, InfoHash infoHash, CancellationToken cancellation);

    /// <summary>The communities that have an ID.torrent below the root, in the order of their ids.</summary>
    IReadOnlyList<CommunityId> ListCommunities();

    /// <summary>What ID.torrent names, whether or not its files are whole; null if there is no such file.</summary>
    /// <exception cref="RejectedTorrentException">The file is no archive torrent of this community.</exception>
    Task<TorrentContent?> FindPresent(CommunityId community, CancellationToken cancellation);

    /// <summary>The messages of one archive, in their order.</summary>
    /// <exception cref="UnreadableArchiveException">The bytes are no archive, or a limit was exceeded.</exception>
    /// <exception cref="RatchetKeyMissingException">It is encrypted, and the key is not here.</exception>
    IAsyncEnumerable<ArchivedMessage> Extract(TorrentContent torrent, ArchiveEntry entry, CancellationToken cancellation);
}

/// <summary>The messages of one window, in archive order. Streams: memory stays constant.</summary>
public delegate IAsyncEnumerable<ArchivedMessage> ReadMessages(CutWindow window, CancellationToken cancellation);

/// <summary>From &lt;= timestamp &lt; To, in Unix seconds.</summary>
/// <param name="Late">The window was closed by an earlier cut; only messages recorded since then are meant.</param>
public sealed record CutWindow(ulong From, ulong To, bool Late = false);

/// <param name="Parent">The torrent this cut continues; null for the first.</param>
/// <param name="CommittedBytes">Length of <c>data</c> that the parent covers; whatever lies behind is an unfinished cut and is written anew.</param>
public sealed record CutPlan(
    CommunityId CommunityId,
    ulong From,
    ulong To,
    uint PartitionSeconds,
    IReadOnlyList<ContentTopic> ContentTopics,
    InfoHash? Parent,
    long CommittedBytes
)
{
    /// <summary>Windows before From that hold messages recorded since their cut; each gets archives of its own, ahead of the new ones.</summary>
    public IReadOnlyList<CutWindow> LateWindows { get; init; } = [];

    /// <summary>How archives and index are encrypted; null: they are in the clear.</summary>
    public ArchiveSealing? Sealing { get; init; }
}

/// <param name="Made">Null: no window had a message that an archive can hold, or only one too large; nothing was written.</param>
/// <param name="SetAside">Messages that no archive can hold: 0x-hex hash, reason.</param>
public sealed record CutOutcome(Cut? Made, IReadOnlyDictionary<string, string> SetAside);

/// <param name="Added">The archives this cut added, by offset.</param>
public sealed record Cut(TorrentContent Torrent, IReadOnlyList<ArchiveEntry> Added, int ArchiveCount, long DataBytes, long Messages);

/// <summary>A torrent and where its two files lie.</summary>
/// <param name="Magnetlink">Without peers.</param>
/// <param name="TorrentFile">The bytes of the .torrent.</param>
/// <param name="Root">Absolute path of the folder that holds the folder ID.</param>
/// <param name="DataFile">Relative to Root: ID/data.</param>
/// <param name="IndexFile">Relative to Root: ID/index.INFOHASH.</param>
public sealed record TorrentContent(
    CommunityId CommunityId,
    InfoHash InfoHash,
    Magnetlink Magnetlink,
    ReadOnlyMemory<byte> TorrentFile,
    string Root,
    string DataFile,
    string IndexFile
)
{
    /// <summary>
    /// As the community's setting states it, never guessed from the bytes: the index and every archive whose window ends after this second (Unix)
    /// are encrypted; null: nothing is.
    /// </summary>
    public ulong? EncryptedAfter { get; init; }

    /// <summary>What the magnet of a torrent that is fetched names. The engine decides whether it asks any.</summary>
    public IReadOnlyList<string> MagnetTrackers { get; init; } = [];

    public string DataPath => Path.Combine(Root, DataFile);

    public string IndexPath => Path.Combine(Root, IndexFile);
}

/// <summary>A torrent from outside that is refused before the engine sees it. The message says which rule it breaks.</summary>
public sealed class RejectedTorrentException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>An archive whose bytes cannot be read. It goes to quarantine; trying again gives the same.</summary>
public sealed class UnreadableArchiveException(string message, Exception? inner = null) : Exception(message, inner);
