using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Rows for <c>copy … from stdin (format binary)</c> (PostgreSQL manual, COPY, binary format).</summary>
internal sealed class CopyWriter(Stream stream)
{
    /// <summary>Bytes that are collected before they are sent.</summary>
    private const int FlushBytes = 256 * 1024;

    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly ArrayBufferWriter<byte> rows = new(FlushBytes * 2);

    public void Begin() => rows.Write(Header);

    public void Row(short columns)
    {
        BinaryPrimitives.WriteInt16BigEndian(rows.GetSpan(sizeof(short)), columns);
        rows.Advance(sizeof(short));
    }

    public void Int64(long value)
    {
        Length(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(rows.GetSpan(sizeof(long)), value);
        rows.Advance(sizeof(long));
    }

    public void Int32(int value)
    {
        Length(sizeof(int));
        Length(value);
    }

    public void Boolean(bool value) => Bytes([value ? (byte)1 : (byte)0]);

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Length(value.Length);
        rows.Write(value);
    }

    public void Text(string value)
    {
        Length(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, rows);
    }

    /// <param name="json">UTF-8. Before it stands the version of the form, 1.</param>
    public void Jsonb(ReadOnlySpan<byte> json)
    {
        Length(1 + json.Length);
        rows.Write("\u0001"u8);
        rows.Write(json);
    }

    /// <summary>Ends a copy of which not all rows were sent: closing its stream would end it as if it were whole.</summary>
    public static async Task Abandon(NpgsqlRawCopyStream stream)
    {
        try
        {
            await stream.CancelAsync();
        }
        catch (Exception fault) when (fault is ObjectDisposedException or NpgsqlException)
        {
            // The connection broke, which ended it: whoever sent the rows has the reason.
        }
    }

    public ValueTask SendFull(CancellationToken cancellation) =>
        rows.WrittenCount < FlushBytes ? ValueTask.CompletedTask : Send(cancellation);

    public async ValueTask End(CancellationToken cancellation)
    {
        Row(-1);
        await Send(cancellation);
    }

    private async ValueTask Send(CancellationToken cancellation)
    {
        await stream.WriteAsync(rows.WrittenMemory, cancellation);
        rows.ResetWrittenCount();
    }

    private void Length(int bytes)
    {
        BinaryPrimitives.WriteInt32BigEndian(rows.GetSpan(sizeof(int)), bytes);
        rows.Advance(sizeof(int));
    }
}
