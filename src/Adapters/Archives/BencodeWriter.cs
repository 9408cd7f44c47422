using System.Buffers;
using System.Text;

namespace EventArchive.Archives;

/// <summary>Writes bencoding (BEP 3). Keys of a dictionary are given in their byte order; the caller knows them when writing.</summary>
/// <param name="capacity">Bytes to make room for at once.</param>
public sealed class BencodeWriter(int capacity = 256)
{
    private readonly ArrayBufferWriter<byte> buffer = new(capacity);

    public BencodeWriter Integer(long value) => Ascii($"i{value}e");

    public BencodeWriter Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    public BencodeWriter Bytes(ReadOnlySpan<byte> value)
    {
        Ascii($"{value.Length}:");
        buffer.Write(value);
        return this;
    }

    public BencodeWriter BeginList() => Ascii("l");

    public BencodeWriter BeginDictionary() => Ascii("d");

    public BencodeWriter End() => Ascii("e");

    /// <summary>A value that is bencoded already and must keep its bytes.</summary>
    public BencodeWriter Raw(ReadOnlySpan<byte> value)
    {
        buffer.Write(value);
        return this;
    }

    /// <summary>What was written, without a copy: the writer is not used any more.</summary>
    public ReadOnlyMemory<byte> ToMemory() => buffer.WrittenMemory;

    public byte[] ToArray() => buffer.WrittenSpan.ToArray();

    private BencodeWriter Ascii(string text)
    {
        buffer.Write(Encoding.ASCII.GetBytes(text));
        return this;
    }
}
