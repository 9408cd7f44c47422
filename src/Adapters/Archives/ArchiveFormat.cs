namespace EventArchive.Archives;

/// <summary>
/// The constants of the history archive format, as status-go (2024-10) has them, and the limits within which a foreign one is read.
/// </summary>
public static class ArchiveFormat
{
    /// <summary>Piece length of every archive torrent, and the unit of slots in <c>data</c>. Source: status-go.</summary>
    public const int PieceBytes = 102_400;

    /// <summary>Largest sum of payload and sig bytes in one archive; a longer message is in none. Source: status-go.</summary>
    public const int MaxArchiveMessageBytes = 30_000_000;

    /// <summary>Seven days, the length of one archive's window. Source: status-go.</summary>
    public const uint PartitionSeconds = 604_800;

    /// <summary>The trackers of an archive torrent, in this order, each a tier of its own. Source: status-go.</summary>
    public static readonly IReadOnlyList<string> DefaultTrackers =
    [
        "udp://tracker.opentrackr.org:1337/announce",
        "udp://tracker.openbittorrent.com:6969/announce",
    ];

    /// <summary>
    /// Longest slot that is read or written. The format's own limit counts payload and sig only, and an archive of short messages is several
    /// times that.
    /// </summary>
    public const long MaxSlotBytes = 256L * 1024 * 1024;

    /// <summary>Most messages of one archive: twice what fits into 30,000,000 bytes when each sig has its 65 bytes.</summary>
    public const int MaxArchiveMessages = 1_000_000;

    /// <summary>Longest file <c>index</c>: some ten thousand archives of a community with three hundred channels.</summary>
    public const int MaxIndexBytes = 16 * 1024 * 1024;

    /// <summary>Most archives of one torrent.</summary>
    public const int MaxArchives = 100_000;

    /// <summary>Most messages of one cut that are in no archive: each is named in its event.</summary>
    public const int MaxSetAside = 50_000;

    /// <summary>Most windows of one cut: nineteen centuries of weeks.</summary>
    public const int MaxPartitions = 100_000;

    /// <summary>Most pieces of a torrent: 214 GB.</summary>
    public const int MaxPieces = 2_097_152;

    /// <summary>Bytes of one SHA-1 in <c>pieces</c> (BEP 3).</summary>
    public const int PieceHashBytes = 20;

    /// <summary>
    /// How far a seq_no may be above the highest known of its key: each step costs a hash. Source: status-go, which allows the same.
    /// </summary>
    public const int MaxSeqNoJump = 100_000;

    /// <summary>Longest message hash; on the network it has 32 bytes.</summary>
    public const int MaxHashBytes = 64;

    /// <summary>Longest id of an imported message.</summary>
    public const int MaxThirdPartyIdCharacters = 1024;

    /// <summary>
    /// Length of the slot for a raw archive. Above one piece an exact multiple gets a whole piece more: status-go's quirk, kept for equal bytes.
    /// </summary>
    public static long SlotBytes(long rawBytes) =>
        rawBytes > PieceBytes ? checked(rawBytes + PieceBytes - (rawBytes % PieceBytes)) : PieceBytes;

    /// <summary>Pieces of a file that begins on a piece boundary.</summary>
    public static long Pieces(long bytes) => checked(bytes + PieceBytes - 1) / PieceBytes;
}
