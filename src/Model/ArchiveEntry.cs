namespace EventArchive.Model;

/// <summary>Where one archive lies in the file <c>data</c>, as the archive index says.</summary>
/// <param name="Id">Keccak-256 of the entry.</param>
/// <param name="From">First second of the window, Unix seconds.</param>
/// <param name="To">First second after the window, Unix seconds.</param>
/// <param name="Offset">Bytes from the start of <c>data</c>.</param>
/// <param name="Size">Bytes with padding: a multiple of the piece length.</param>
/// <param name="Padding">Zero bytes at the end of the slot.</param>
public sealed record ArchiveEntry(ArchiveId Id, ulong From, ulong To, long Offset, long Size, long Padding)
{
    /// <summary>The piece length of archive torrents, bytes (status-go): a slot is a whole number of pieces.</summary>
    public const int PieceBytes = 102_400;
}
