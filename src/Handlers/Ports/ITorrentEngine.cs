using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>BitTorrent. Every method may be called again with the same torrent: what is true already is no error.</summary>
public interface ITorrentEngine
{
    /// <summary>Where this node can be asked for what it seeds; null if it does not listen.</summary>
    PeerAddress? Peer { get; }

    /// <summary>
    /// Verifies the files and serves them; returns when the torrent is seeding. Another torrent of the community is served until then. While
    /// the files are away or damaged later on, they are not served, <see cref="List"/> says why, and they are served again when they are back.
    /// </summary>
    /// <exception cref="TorrentException">The files are missing, or do not fit the torrent.</exception>
    Task Seed(TorrentContent torrent, CancellationToken cancellation);

    /// <summary>The info dictionary behind a magnet, its SHA-1 verified, at most 48 MB.</summary>
    /// <exception cref="TorrentException">No peer gave it within the time-out.</exception>
    Task<byte[]> FetchMetadata(Magnetlink magnet, CancellationToken cancellation);

    /// <summary>Downloads the file <c>index</c> alone.</summary>
    /// <param name="peers">Whom to ask first; the magnet's own (x.pe) as a rule.</param>
    /// <exception cref="TorrentException">Nothing arrived for longer than the stall time-out, or the disk failed.</exception>
    Task DownloadIndex(TorrentContent torrent, IReadOnlyList<PeerAddress> peers, CancellationToken cancellation);

    /// <summary>
    /// Downloads the index and what is chosen of the data; what is on disk and verifies is not fetched again, and no piece that holds nothing
    /// chosen is fetched. Progress is reported about once a second, when the first chosen archive is whole, and at the end. Returns when all that
    /// is wanted is verified. A whole torrent is then seeding in the place of the community's other one; of one in parts those are given to whoever
    /// asks, until it is stopped, and the other one stays.
    /// </summary>
    /// <exception cref="TorrentException">Nothing arrived for longer than the stall time-out, or the disk failed.</exception>
    /// <param name="peers">Whom to ask first; the magnet's own (x.pe) as a rule.</param>
    Task Download(
        TorrentContent torrent,
        IReadOnlyList<PeerAddress> peers,
        DataChoice choice,
        IProgress<TorrentProgress> progress,
        CancellationToken cancellation
    );

    /// <summary>
    /// Hashes every piece of a torrent that is seeded once more, while it is served, and fetches nothing. Where one is wrong or cannot be read the
    /// torrent is taken out of service, as if a peer had met it; one that is out of service is tried again at once.
    /// </summary>
    /// <param name="progress">Bytes that were hashed.</param>
    /// <exception cref="TorrentException">Why it is not served now, or that this node does not seed it.</exception>
    Task Verify(InfoHash infoHash, IProgress<long> progress, CancellationToken cancellation);

    /// <summary>Stops serving and fetching; the files stay.</summary>
    Task Stop(InfoHash infoHash, CancellationToken cancellation);

    /// <summary>Every torrent that is loaded, seeded or fetched, as it is now. One cheap look, whatever their number.</summary>
    IReadOnlyList<TorrentStatus> List();

    /// <summary>As <see cref="List()"/>, of one community alone: what it costs does not grow with the others.</summary>
    IReadOnlyList<TorrentStatus> List(CommunityId community);
}

/// <summary>What of a torrent's data is fetched, and in which order.</summary>
/// <param name="Archives">In the order in which they are wanted.</param>
/// <param name="Others">Whether all else is fetched too, behind them.</param>
public sealed record DataChoice(IReadOnlyList<ArchiveEntry> Archives, bool Others)
{
    /// <summary>Everything, what is rare among the peers first.</summary>
    public static DataChoice All { get; } = new([], Others: true);

    /// <summary>Everything, the archives in the order of their windows from the newest, which readers want first.</summary>
    public static DataChoice NewestFirst(IEnumerable<ArchiveEntry> archives) => new(Newest(archives), Others: true);

    /// <summary>Only these, the newest first.</summary>
    public static DataChoice Only(IEnumerable<ArchiveEntry> archives) => new(Newest(archives), Others: false);

    private static IReadOnlyList<ArchiveEntry> Newest(IEnumerable<ArchiveEntry> archives) =>
        [.. archives.OrderByDescending(archive => archive.To).ThenByDescending(archive => archive.Offset)];
}

/// <param name="DoneBytes">Of wanted pieces that are verified and on disk.</param>
/// <param name="TotalBytes">Of all wanted pieces.</param>
/// <param name="Pieces">One flag for each piece: verified and on disk.</param>
public sealed record TorrentProgress(long DoneBytes, long TotalBytes, int Peers, IReadOnlyList<bool> Pieces)
{
    /// <summary>How many bytes of one archive are there; all of its <see cref="ArchiveEntry.Size"/> when it can be read.</summary>
    public long DoneBytesOf(ArchiveEntry archive)
    {
        var (begin, end, done) = (archive.Offset, archive.Offset + archive.Size, 0L);
        for (var piece = begin / ArchiveEntry.PieceBytes; piece * ArchiveEntry.PieceBytes < end && piece < Pieces.Count; piece++)
            if (Pieces[(int)piece])
                done += Math.Min(end, (piece + 1) * ArchiveEntry.PieceBytes) - Math.Max(begin, piece * ArchiveEntry.PieceBytes);
        return done;
    }
}

/// <param name="DoneBytes">Of verified pieces; of a torrent that was seeding and whose files are away, what it was.</param>
/// <param name="Peers">Connected now.</param>
/// <param name="UploadedBytes">Payload sent since this node has had the torrent, over restarts.</param>
/// <param name="ReceivedBytes">Payload received since the torrent was loaded.</param>
/// <param name="LastActive">When payload was last sent or received, to the second; null: not since it was loaded.</param>
/// <param name="Fault">Why a torrent that should be seeded is not; null: nothing is wrong.</param>
public sealed record TorrentStatus(
    InfoHash InfoHash,
    CommunityId CommunityId,
    bool Seeding,
    long DoneBytes,
    long TotalBytes,
    int Peers,
    long UploadedBytes,
    long ReceivedBytes,
    DateTimeOffset? LastActive,
    string? Fault = null
)
{
    /// <summary>How many whole copies were given away.</summary>
    public double Ratio => TotalBytes > 0 ? (double)UploadedBytes / TotalBytes : 0;
}

/// <summary>The engine could not do what was asked; trying again later may help. The message says what to look at.</summary>
public class TorrentException(string message, Exception? inner = null) : Exception(message, inner);
