using System.Globalization;
using System.Text;

namespace EventArchive.Archives;

/// <summary>A bencoded value (BEP 3) and the bytes it was read from.</summary>
public abstract record BencodeValue(ReadOnlyMemory<byte> Raw)
{
    public sealed record Integer(long Value, ReadOnlyMemory<byte> Raw) : BencodeValue(Raw);

    public sealed record Text(ReadOnlyMemory<byte> Bytes, ReadOnlyMemory<byte> Raw) : BencodeValue(Raw)
    {
        /// <summary>The text, if the bytes are UTF-8; else null.</summary>
        public string? AsUtf8()
        {
            try
            {
                return Bencode.StrictUtf8.GetString(Bytes.Span);
            }
            catch (DecoderFallbackException)
            {
                return null;
            }
        }
    }

    public sealed record Items(IReadOnlyList<BencodeValue> Values, ReadOnlyMemory<byte> Raw) : BencodeValue(Raw);

    /// <summary>Keys are bytes; here each byte is one character.</summary>
    public sealed record Dictionary(IReadOnlyDictionary<string, BencodeValue> Values, ReadOnlyMemory<byte> Raw) : BencodeValue(Raw);
}

/// <summary>Bytes that are not canonical bencoding, or go beyond a limit. The message says which, and where.</summary>
public sealed class BencodeException(string message) : FormatException(message);

/// <summary>
/// Reads bencoding (BEP 3) from strangers: every length is checked against what is there before anything is made of it, nesting and tokens are
/// bounded, and only the canonical form passes, so that two readers cannot disagree about the same bytes.
/// </summary>
public static class Bencode
{
    /// <summary>An archive torrent nests five levels; a parser without a limit dies of 60 kB of nested lists.</summary>
    public const int MaxDepth = 32;

    /// <summary>Room for the hashes of <see cref="ArchiveFormat.MaxPieces"/> pieces.</summary>
    public const int MaxBytes = 48_000_000;

    /// <summary>Values and keys in all; an archive torrent has about forty.</summary>
    public const int MaxTokens = 10_000;

    internal static readonly UTF8Encoding StrictUtf8 = new(false, true);

    /// <exception cref="BencodeException">The bytes are not one canonical value within the limits.</exception>
    public static BencodeValue Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > MaxBytes)
            throw new BencodeException($"Bencoded data has at most {MaxBytes} bytes, not {bytes.Length}.");
        var reader = new Reader(bytes);
        var value = reader.ReadValue(1);
        return reader.Position == bytes.Length
            ? value
            : throw new BencodeException($"Byte {reader.Position}: {bytes.Length - reader.Position} bytes follow the value.");
    }

    private sealed class Reader(ReadOnlyMemory<byte> bytes)
    {
        private int tokens;

        public int Position { get; private set; }

        public BencodeValue ReadValue(int depth)
        {
            if (depth > MaxDepth)
                throw Fault($"values are nested deeper than {MaxDepth}");
            Count();
            var start = Position;
            switch (Peek())
            {
                case (byte)'i':
                    Position++;
                    var number = ReadNumber('e', negative: true);
                    return new BencodeValue.Integer(number, bytes[start..Position]);
                case (byte)'l':
                    Position++;
                    List<BencodeValue> items = [];
                    while (Peek() != 'e')
                        items.Add(ReadValue(depth + 1));
                    Position++;
                    return new BencodeValue.Items(items, bytes[start..Position]);
                case (byte)'d':
                    Position++;
                    var values = ReadEntries(depth);
                    return new BencodeValue.Dictionary(values, bytes[start..Position]);
                default:
                    var text = ReadText();
                    return new BencodeValue.Text(text, bytes[start..Position]);
            }
        }

        private Dictionary<string, BencodeValue> ReadEntries(int depth)
        {
            Dictionary<string, BencodeValue> values = new(StringComparer.Ordinal);
            var previous = ReadOnlyMemory<byte>.Empty;
            while (Peek() != 'e')
            {
                Count();
                var key = ReadText();
                if (values.Count > 0 && previous.Span.SequenceCompareTo(key.Span) >= 0)
                    throw Fault("the keys of a dictionary are sorted and unique, these are not");
                previous = key;
                values.Add(Encoding.Latin1.GetString(key.Span), ReadValue(depth + 1));
            }
            Position++;
            return values;
        }

        private ReadOnlyMemory<byte> ReadText()
        {
            if (!char.IsAsciiDigit((char)Peek()))
                throw Fault("a value begins with i, l, d or a length");
            var length = ReadNumber(':', negative: false);
            if (length > bytes.Length - Position)
                throw Fault($"a text of {length} bytes is announced and {bytes.Length - Position} are there");
            var text = bytes.Slice(Position, (int)length);
            Position += (int)length;
            return text;
        }

        private long ReadNumber(char end, bool negative)
        {
            // The longest 64-bit number has 20 characters.
            var window = bytes.Span[Position..Math.Min(bytes.Length, Position + 21)];
            var digits = window.IndexOf((byte)end);
            if (digits < 0)
                throw Fault("a number has no end, or more digits than 64 bits can hold");
            var text = Encoding.Latin1.GetString(window[..digits]);
            // Only the form that a writer would give: no plus, no leading zero, no minus zero.
            if (
                !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                || value.ToString(CultureInfo.InvariantCulture) != text
                || (value < 0 && !negative)
            )
                throw Fault("a number is not a canonical 64-bit integer");
            Position += digits + 1;
            return value;
        }

        private byte Peek() => Position < bytes.Length ? bytes.Span[Position] : throw Fault("the data ends inside a value");

        private void Count()
        {
            if (++tokens > MaxTokens)
                throw Fault($"there are more than {MaxTokens} values");
        }

        private BencodeException Fault(string reason) => new($"Byte {Position}: {reason}.");
    }
}
