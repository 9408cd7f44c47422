using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.BitTorrent;

/// <summary>Which pieces of a torrent are fetched, and which of them first. The index is always wanted.</summary>
internal sealed class WantedPieces
{
    private const byte Unwanted = 0;
    private const byte First = 7;

    /// <summary>Below it libtorrent begins anew, for pieces that fewer peers have: 3 beside 6, 2 beside 5, 1 beside this.</summary>
    private const byte Usual = 4;

    private readonly TorrentShape shape;
    private readonly IReadOnlyList<ArchiveEntry> archives;
    private readonly byte[] least;

    private WantedPieces(TorrentShape shape, IReadOnlyList<ArchiveEntry> archives, byte rest)
    {
        (this.shape, this.archives) = (shape, archives);
        least = new byte[shape.PieceCount];
        Array.Fill(least, rest);
        foreach (var archive in archives)
            Raise(least, archive.Offset, archive.Size, Usual);
        Raise(least, shape.DataBytes, shape.IndexBytes, First);
        WantedBytes = Count(_ => true);
    }

    /// <summary>Of all wanted pieces.</summary>
    public long WantedBytes { get; }

    /// <summary>How many archives were whole at the last look, counted from the first until one is not.</summary>
    public int WholeArchives { get; private set; }

    public bool IsIndexAlone { get; private init; }

    public static WantedPieces Index(TorrentShape shape) => new(shape, [], Unwanted) { IsIndexAlone = true };

    public static WantedPieces Of(TorrentShape shape, DataChoice choice) => new(shape, choice.Archives, choice.Others ? Usual : Unwanted);

    /// <summary>
    /// The first archives that are not whole come first, each above the next. The window is short on purpose: what lies behind is wanted too, so
    /// that a peer is never idle between two looks.
    /// </summary>
    public byte[] Priorities(IReadOnlyList<bool> there)
    {
        var priorities = (byte[])least.Clone();
        var level = First;
        while (WholeArchives < archives.Count && IsWhole(archives[WholeArchives], there))
            WholeArchives++;
        for (var at = WholeArchives; at < archives.Count && level > Usual; at++)
            if (!IsWhole(archives[at], there))
                Raise(priorities, archives[at].Offset, archives[at].Size, level--);
        return priorities;
    }

    public bool AreThere(LoadedTorrent torrent)
    {
        if (torrent.Checking || torrent.Pieces.Count != least.Length)
            return false;
        for (var piece = 0; piece < least.Length; piece++)
            if (least[piece] != Unwanted && !torrent.Pieces[piece])
                return false;
        return true;
    }

    public TorrentProgress Progress(LoadedTorrent torrent) =>
        new(
            torrent.Pieces.Count == least.Length ? Count(piece => torrent.Pieces[piece]) : 0,
            WantedBytes,
            torrent.Status.Peers,
            torrent.Pieces
        );

    private bool IsWhole(ArchiveEntry archive, IReadOnlyList<bool> there)
    {
        var (first, last) = Range(archive.Offset, archive.Size);
        for (var piece = first; piece <= last && piece < there.Count; piece++)
            if (!there[piece])
                return false;
        return last < there.Count;
    }

    /// <summary>A piece on a border belongs to both sides, and has the higher of their priorities.</summary>
    private void Raise(byte[] priorities, long offset, long bytes, byte level)
    {
        var (first, last) = Range(offset, bytes);
        for (var piece = first; piece <= last && piece < priorities.Length; piece++)
            priorities[piece] = Math.Max(priorities[piece], level);
    }

    private (int First, int Last) Range(long offset, long bytes) =>
        ((int)(offset / shape.PieceBytes), (int)((offset + bytes - 1) / shape.PieceBytes));

    private long Count(Func<int, bool> counts)
    {
        var (total, bytes) = (shape.DataBytes + shape.IndexBytes, 0L);
        for (var piece = 0; piece < least.Length; piece++)
            if (least[piece] != Unwanted && counts(piece))
                bytes += Math.Min(total, (long)(piece + 1) * shape.PieceBytes) - ((long)piece * shape.PieceBytes);
        return bytes;
    }
}
