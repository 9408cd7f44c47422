using System.Buffers.Binary;
using System.Text;

namespace EventArchive.Postgres;

/// <summary>
/// Rows of <c>copy … to stdout (format binary)</c> without null (PostgreSQL manual, COPY, binary format). Memory is one buffer, which the columns
/// of a row lie in until the next one is read.
/// </summary>
/// <param name="stream">May give as few bytes at a time as it likes: the driver gives at most a row.</param>
/// <param name="buffer">The caller's, so that one reader after the other can use it.</param>
/// <param name="maxRowBytes">A column that makes a row longer is left out, and read past without memory for it.</param>
internal sealed class CopyReader(Stream stream, CopyBuffer buffer, int maxRowBytes)
{
    /// <summary>A short column is never left out, whatever stands before it: it says which row it is.</summary>
    internal const int ShortColumnBytes = 4096;

    // Signature and flags, and the length of an extension that no version has.
    private const int HeaderBytes = 19;

    // Read at a time of what is left out.
    private const int SkipBytes = 64 * 1024;

    private int filled;
    private int next;

    /// <summary>Bytes of the present row that were left out; each such column is empty.</summary>
    public long LeftOutBytes { get; private set; }

    public async ValueTask Begin(CancellationToken cancellation)
    {
        await Fill(HeaderBytes, cancellation);
        next += HeaderBytes;
    }

    /// <summary>False: there is no further row. The columns of a row are read one after the other, all of them.</summary>
    /// <exception cref="EndOfStreamException">The rows ended in the middle.</exception>
    /// <exception cref="InvalidDataException">The bytes are no rows.</exception>
    public async ValueTask<bool> Next(CancellationToken cancellation)
    {
        LeftOutBytes = 0;
        int columns;
        for (int bytes; (bytes = RowBytes(out columns)) > filled - next; )
        {
            if (bytes > CopyBuffer.ShortBytes)
                return await ReadLongRow(columns, cancellation);
            await Fill(bytes, cancellation);
        }
        next += sizeof(short);
        if (columns >= 0)
            return true;
        // What follows says whether the statement succeeded: it throws if not.
        return filled == next && await stream.ReadAsync(buffer.Bytes, cancellation) == 0
            ? false
            : throw new InvalidDataException("PostgreSQL sent bytes behind the last row.");
    }

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Column().Span);

    public string Text() => Encoding.UTF8.GetString(Column().Span);

    /// <summary>The next column where it lies; valid until the next row.</summary>
    public ReadOnlyMemory<byte> Column()
    {
        var column = buffer.Bytes.AsMemory(next + sizeof(int), ColumnBytes(next));
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
        columns = BinaryPrimitives.ReadInt16BigEndian(buffer.Bytes.AsSpan(next));
        for (var column = 0; column < columns; column++)
        {
            if (end + sizeof(int) > filled)
                return end + sizeof(int) - next;
            var bytes = ColumnBytes(end);
            if (bytes > CopyBuffer.ShortBytes)
                return int.MaxValue;
            end += sizeof(int) + bytes;
        }
        return end - next;
    }

    private int ColumnBytes(int at)
    {
        var bytes = BinaryPrimitives.ReadInt32BigEndian(buffer.Bytes.AsSpan(at));
        return bytes >= 0 ? bytes : throw new InvalidDataException($"A row has a column of {bytes} bytes.");
    }

    private async ValueTask<bool> ReadLongRow(int columns, CancellationToken cancellation)
    {
        buffer.MakeLong(maxRowBytes + (columns * (ShortColumnBytes + sizeof(int))) + SkipBytes);
        next += sizeof(short);
        // To the front, where there is room for all of it.
        buffer.Bytes.AsSpan(next, filled - next).CopyTo(buffer.Bytes);
        (next, filled) = (0, filled - next);
        var row = 0;
        for (var column = 0; column < columns; column++)
        {
            await Fill(row + sizeof(int), cancellation);
            var bytes = ColumnBytes(next + row);
            if (bytes > maxRowBytes - row && bytes > ShortColumnBytes)
            {
                await LeaveOut(next + row, bytes, cancellation);
                bytes = 0;
            }
            row += sizeof(int) + bytes;
            await Fill(row, cancellation);
        }
        return true;
    }

    /// <summary>Takes a column out of the bytes, of which as a rule only the beginning is there.</summary>
    private async ValueTask LeaveOut(int at, int bytes, CancellationToken cancellation)
    {
        LeftOutBytes += bytes;
        var content = at + sizeof(int);
        var there = Math.Min(bytes, filled - content);
        buffer.Bytes.AsSpan(content + there, filled - content - there).CopyTo(buffer.Bytes.AsSpan(content));
        filled -= there;
        for (var left = bytes - there; left > 0; )
            left -= await Read(buffer.Bytes.AsMemory(filled, Math.Min(left, buffer.Bytes.Length - filled)), cancellation);
        BinaryPrimitives.WriteInt32BigEndian(buffer.Bytes.AsSpan(at), 0);
    }

    /// <summary>Reads until so many bytes are in the buffer that nobody has taken.</summary>
    private async ValueTask Fill(int bytes, CancellationToken cancellation)
    {
        if (next == filled)
            (next, filled) = (0, 0);
        if (next + bytes > buffer.Bytes.Length)
        {
            buffer.Bytes.AsSpan(next, filled - next).CopyTo(buffer.Bytes);
            (next, filled) = (0, filled - next);
        }
        while (filled - next < bytes)
            filled += await Read(buffer.Bytes.AsMemory(filled), cancellation);
    }

    private async ValueTask<int> Read(Memory<byte> to, CancellationToken cancellation)
    {
        var read = await stream.ReadAsync(to, cancellation);
        return read > 0 ? read : throw new EndOfStreamException("PostgreSQL ended the rows in the middle.");
    }
}
