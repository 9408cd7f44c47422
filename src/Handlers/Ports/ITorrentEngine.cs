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
    /// Downloads all the rest; what is on disk and verifies is not fetched again. Progress is reported about once a second and at the end.
    /// Returns when everything is verified; the torrent is then seeding.
    /// </summary>
    /// <exception cref="TorrentException">Nothing arrived for longer than the stall time-out, or the disk failed.</exception>
    /// <param name="peers">Whom to ask first; the magnet's own (x.pe) as a rule.</param>
    Task Download(
        TorrentContent torrent,
        IReadOnlyList<PeerAddress> peers,
        IProgress<TorrentProgress> progress,
        CancellationToken cancellation
    );

    /// <summary>Stops serving and fetching; the files stay.</summary>
    Task Stop(InfoHash infoHash, CancellationToken cancellation);

    /// <summary>Every torrent that is loaded, seeded or fetched, as it is now. One cheap look, whatever their number.</summary>
    IReadOnlyList<TorrentStatus> List();

    /// <summary>As <see cref="List()"/>, of one community alone: what it costs does not grow with the others.</summary>
    IReadOnlyList<TorrentStatus> List(CommunityId community);
}

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
public sealed class TorrentException(string message, Exception? inner = null) : Exception(message, inner);
