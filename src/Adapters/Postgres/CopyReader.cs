using System.Buffers.Binary;
using System.Text;

namespace EventArchive.Postgres;

/// <summary>
/// Rows of <c>copy … to stdout (format binary)</c> without null (PostgreSQL manual, COPY, binary format). Memory is a buffer and one long row.
/// </summary>
/// <param name="stream">May give as few bytes at a time as it likes: the driver gives at most a row.</param>
/// <param name="maxColumnBytes">What is longer is refused before there is memory for it.</param>
internal sealed class CopyReader(Stream stream, int maxColumnBytes)
{
    /// <summary>A longer row goes into arrays of its own: in a buffer that grows it would be in memory twice.</summary>
    internal const int BufferBytes = 256 * 1024;

    // Bytes of long rows that may lie about: left alone the runtime collects such arrays after hundreds of megabytes.
    private const int CollectBytes = 32 * 1024 * 1024;

    // Signature and flags, and the length of an extension that no version has.
    private const int HeaderBytes = 19;

    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private readonly Queue<byte[]> longRow = [];
    private int filled;
    private int next;
    private long uncollected;

    public async ValueTask Begin(CancellationToken cancellation)
    {
        await Fill(HeaderBytes, cancellation);
        next += HeaderBytes;
    }

    /// <summary>False: there is no further row. The columns of a row are read one after the other, all of them.</summary>
    /// <exception cref="EndOfStreamException">The rows ended in the middle.</exception>
    /// <exception cref="InvalidDataException">A column is longer than the limit, or the bytes are no rows.</exception>
    public async ValueTask<bool> Next(CancellationToken cancellation)
    {
        int columns;
        for (int bytes; (bytes = RowBytes(out columns)) > filled - next; )
        {
            if (bytes > BufferBytes)
                return await ReadLongRow(columns, cancellation);
            await Fill(bytes, cancellation);
        }
        next += sizeof(short);
        if (columns >= 0)
            return true;
        // What follows says whether the statement succeeded: it throws if not.
        return filled == next && await stream.ReadAsync(buffer, cancellation) == 0
            ? false
            : throw new InvalidDataException("PostgreSQL sent bytes behind the last row.");
    }

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Column());

    public string Text() => Encoding.UTF8.GetString(Column());

    public byte[] Bytes() => longRow.TryDequeue(out var column) ? column : Column().ToArray();

    /// <summary>The next column where it lies; valid until the next row.</summary>
    public ReadOnlySpan<byte> Column()
    {
        if (longRow.TryDequeue(out var read))
            return read;
        var column = buffer.AsSpan(next + sizeof(int), ColumnBytes(next));
        next += sizeof(int) + column.Length;
        return column;
    }

    /// <summary>How long the next row is at least, from what is in the buffer; it is whole when that much is there.</summary>
    private int RowBytes(out int columns)
    {
        columns = 0;
        var end = next + sizeof(short);
        if (end > filled)
            return end - next;
        columns = BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(next));
        for (var column = 0; column < columns; column++)
        {
            if (end + sizeof(int) > filled)
                return end + sizeof(int) - next;
            end += sizeof(int) + ColumnBytes(end);
        }
        return end - next;
    }

    private int ColumnBytes(int at)
    {
        var bytes = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(at));
        return bytes >= 0 && bytes <= maxColumnBytes
            ? bytes
            : throw new InvalidDataException($"A row has a column of {bytes} bytes; 0 to {maxColumnBytes} are read.");
    }

    private async ValueTask<bool> ReadLongRow(int columns, CancellationToken cancellation)
    {
        next += sizeof(short);
        for (var column = 0; column < columns; column++)
        {
            await Fill(sizeof(int), cancellation);
            var length = ColumnBytes(next);
            uncollected += length;
            if (uncollected > CollectBytes)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: false);
                uncollected = length;
            }
            var bytes = GC.AllocateUninitializedArray<byte>(length);
            next += sizeof(int);
            var there = Math.Min(bytes.Length, filled - next);
            buffer.AsSpan(next, there).CopyTo(bytes);
            next += there;
            while (there < bytes.Length)
                there += await Read(bytes.AsMemory(there), cancellation);
            longRow.Enqueue(bytes);
        }
        return true;
    }

    /// <summary>Reads until so many bytes are in the buffer that nobody has taken.</summary>
    private async ValueTask Fill(int bytes, CancellationToken cancellation)
    {
        if (next == filled)
            (next, filled) = (0, 0);
        if (next + bytes > BufferBytes)
        {
            buffer.AsSpan(next, filled - next).CopyTo(buffer);
            (next, filled) = (0, filled - next);
        }
        while (filled - next < bytes)
            filled += await Read(buffer.AsMemory(filled), cancellation);
    }

    private async ValueTask<int> Read(Memory<byte> to, CancellationToken cancellation)
    {
        var read = await stream.ReadAsync(to, cancellation);
        return read > 0 ? read : throw new EndOfStreamException("PostgreSQL ended the rows in the middle.");
    }
}
