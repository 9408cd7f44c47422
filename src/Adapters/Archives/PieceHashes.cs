namespace EventArchive.Archives;

/// <summary>SHA-1 of each piece, one after the other, as <c>pieces</c> of a torrent holds them (BEP 3).</summary>
internal static class PieceHashes
{
    public static byte[] Of(ReadOnlySpan<byte> bytes)
    {
        var hashes = new byte[ArchiveFormat.Pieces(bytes.Length) * ArchiveFormat.PieceHashBytes];
        for (var piece = 0; piece * ArchiveFormat.PieceBytes < bytes.Length; piece++)
        {
            var start = piece * ArchiveFormat.PieceBytes;
            var content = bytes[start..Math.Min(bytes.Length, start + ArchiveFormat.PieceBytes)];
            TorrentFile.Sha1(content, hashes.AsSpan(piece * ArchiveFormat.PieceHashBytes));
        }
        return hashes;
    }
}
