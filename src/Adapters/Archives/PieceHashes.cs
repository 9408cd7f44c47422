using System.Buffers;

namespace EventArchive.Archives;

/// <summary>SHA-1 of each piece, one after the other, as <c>pieces</c> of a torrent holds them (BEP 3).</summary>
internal static class PieceHashes
{
    public static byte[] Of(ReadOnlySpan<byte> bytes)
    {
        var hashes = new byte[ArchiveFormat.Pieces(bytes.Length) * ArchiveFormat.PieceHashBytes];
        Write(bytes, hashes);
        return hashes;
    }

    /// <summary>Appends the hashes to those of the pieces before.</summary>
    public static void Write(ReadOnlySpan<byte> bytes, IBufferWriter<byte> hashes)
    {
        var length = (int)ArchiveFormat.Pieces(bytes.Length) * ArchiveFormat.PieceHashBytes;
        if (length == 0)
            return;
        Write(bytes, hashes.GetSpan(length));
        hashes.Advance(length);
    }

    private static void Write(ReadOnlySpan<byte> bytes, Span<byte> hashes)
    {
        for (var piece = 0; !bytes.IsEmpty; piece++)
        {
            var content = bytes[..Math.Min(bytes.Length, ArchiveFormat.PieceBytes)];
            TorrentFile.Sha1(content, hashes[(piece * ArchiveFormat.PieceHashBytes)..]);
            bytes = bytes[content.Length..];
        }
    }
}
