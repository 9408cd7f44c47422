using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace EventArchive.Archives;

/// <summary>One file against the hashes of its pieces, some pieces on each core at a time.</summary>
/// <param name="length">Bytes that the hashes cover; the file may be longer.</param>
internal sealed class PieceCheck(string path, long length, ReadOnlyMemory<byte> hashes)
{
    /// <summary>Ranges of broken pieces that are told one by one; what follows is told as one.</summary>
    public const int MaxRanges = 1000;

    private const int PiecesPerRead = 10;
    private const string Differs = "the bytes are not those of the torrent";

    private readonly ConcurrentDictionary<long, string> broken = new();
    private readonly long pieces = ArchiveFormat.Pieces(length);
    private string? unreadable;

    /// <param name="read">Told how many bytes more are done, from any thread.</param>
    public async Task Run(Action<long> read, CancellationToken cancellation)
    {
        SafeFileHandle file;
        try
        {
            file = Disk.OpenRead(path);
        }
        catch (IOException fault)
        {
            unreadable = fault is FileNotFoundException ? "the file is missing" : fault.Message;
            read(length);
            return;
        }
        using (file)
        {
            var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
            await Parallel.ForAsync(
                0L,
                (pieces + PiecesPerRead - 1) / PiecesPerRead,
                options,
                (step, _) =>
                {
                    read(Check(file, step * PiecesPerRead));
                    return ValueTask.CompletedTask;
                }
            );
        }
    }

    /// <summary>Broken pieces that follow one another with the same reason are one range.</summary>
    public IEnumerable<(long First, long Last, string Reason)> Faults()
    {
        if (unreadable is not null)
            return [(0, pieces - 1, unreadable)];
        List<(long First, long Last, string Reason)> ranges = [];
        foreach (var (piece, reason) in broken.OrderBy(piece => piece.Key))
        {
            if (
                ranges.Count > 0
                && ranges[^1] is var last
                && (last.Last == piece - 1 && last.Reason == reason || ranges.Count == MaxRanges)
            )
                ranges[^1] = last with { Last = piece };
            else
                ranges.Add((piece, piece, reason));
        }
        return ranges;
    }

    private long Check(SafeFileHandle file, long first)
    {
        var start = first * ArchiveFormat.PieceBytes;
        var want = (int)Math.Min((long)PiecesPerRead * ArchiveFormat.PieceBytes, length - start);
        var buffer = ArrayPool<byte>.Shared.Rent(want);
        try
        {
            var got = 0;
            string reason;
            try
            {
                for (int part; got < want && (part = RandomAccess.Read(file, buffer.AsSpan(got, want - got), start + got)) > 0; )
                    got += part;
                // Of the whole file, so that all that is missing is one range.
                reason = $"the file has {RandomAccess.GetLength(file)} of {length} bytes";
            }
            catch (IOException fault)
            {
                reason = fault.Message;
            }
            for (var done = 0; done < want; done += ArchiveFormat.PieceBytes)
            {
                var piece = first + (done / ArchiveFormat.PieceBytes);
                var bytes = Math.Min(ArchiveFormat.PieceBytes, want - done);
                if (done + bytes > got)
                    broken[piece] = reason;
                else if (!IsRight(piece, buffer.AsSpan(done, bytes)))
                    broken[piece] = Differs;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return want;
    }

    private bool IsRight(long piece, ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[ArchiveFormat.PieceHashBytes];
        TorrentFile.Sha1(bytes, hash);
        return hash.SequenceEqual(hashes.Span.Slice((int)piece * ArchiveFormat.PieceHashBytes, ArchiveFormat.PieceHashBytes));
    }
}
