using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace EventArchive.Events;

/// <summary>A pooled buffer that grows, and the canonical spelling of text in it: RFC 8785, section 3.2.2.2.</summary>
internal sealed class CanonicalBuffer(int capacity, int maxBytes) : IDisposable
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        new string([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\'])
    );

    private byte[] bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = [];
    }

    public void Add(byte one)
    {
        Room(1)[0] = one;
        Length++;
    }

    public void Add(ReadOnlySpan<byte> more)
    {
        more.CopyTo(Room(more.Length));
        Length += more.Length;
    }

    public void Fill(byte one, int times)
    {
        Room(times)[..times].Fill(one);
        Length += times;
    }

    /// <summary>Puts the canonical bytes from <paramref name="start"/> on in the order of the ranges, which cover them.</summary>
    public void Reorder(int start, ReadOnlySpan<Range> ranges)
    {
        var copy = ArrayPool<byte>.Shared.Rent(Length - start);
        bytes.AsSpan(start, Length - start).CopyTo(copy);
        var end = Length;
        Length = start;
        foreach (var range in ranges)
        {
            if (Length > start)
                Add((byte)',');
            Add(copy.AsSpan(range.Start.Value - start, range.End.Value - range.Start.Value));
        }
        System.Diagnostics.Debug.Assert(Length == end);
        ArrayPool<byte>.Shared.Return(copy);
    }

    /// <exception cref="JsonException">Half a surrogate pair.</exception>
    public void AddText(ReadOnlySpan<char> text)
    {
        Add((byte)'"');
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny(Escaped);
            AddPlain(plain < 0 ? text : text[..plain]);
            if (plain < 0)
                break;
            AddEscape(text[plain]);
            text = text[(plain + 1)..];
        }
        Add((byte)'"');
    }

    private void AddPlain(ReadOnlySpan<char> text)
    {
        if (
            Utf8.FromUtf16(text, Room(Encoding.UTF8.GetByteCount(text)), out _, out var written, replaceInvalidSequences: false)
            != OperationStatus.Done
        )
            throw new JsonException("A text holds half a surrogate pair.");
        Length += written;
    }

    private void AddEscape(char escaped)
    {
        Add((byte)'\\');
        switch (escaped)
        {
            case '"' or '\\':
                Add((byte)escaped);
                break;
            case '\b':
                Add((byte)'b');
                break;
            case '\t':
                Add((byte)'t');
                break;
            case '\n':
                Add((byte)'n');
                break;
            case '\f':
                Add((byte)'f');
                break;
            case '\r':
                Add((byte)'r');
                break;
            default:
                Add("u00"u8);
                Add((byte)(escaped < 0x10 ? '0' : '1'));
                Add("0123456789abcdef"u8[escaped & 0xf]);
                break;
        }
    }

    private Span<byte> Room(int more)
    {
        if (bytes.Length - Length >= more)
            return bytes.AsSpan(Length);
        if (more > maxBytes - Length)
            throw new JsonException($"The canonical form is longer than {maxBytes} bytes.");
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(maxBytes, Math.Max(2L * bytes.Length, (long)Length + more)));
        Written.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
        return bytes.AsSpan(Length);
    }
}
