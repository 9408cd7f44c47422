using System.Buffers;

namespace EventArchive.Model;

/// <summary>Lower-case hexadecimal text with the prefix 0x, as Status writes keys, topics and ids.</summary>
public static class Hex
{
    /// <summary>In both cases.</summary>
    internal static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdefABCDEF");

    public static string Encode(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>Reads 0x-hex. Fails with a <see cref="FormatException"/> that names <paramref name="what"/>.</summary>
    public static byte[] Decode(string text, string what)
    {
        if (!text.StartsWith("0x", StringComparison.Ordinal))
            throw new FormatException($"{what} starts with 0x.");
        try
        {
            return Convert.FromHexString(text.AsSpan(2));
        }
        catch (FormatException)
        {
            throw new FormatException($"{what} is not an even number of hexadecimal digits.");
        }
    }

    public static byte[] Decode(string text, string what, int bytes)
    {
        var decoded = text.Length == 2 + (2 * bytes) ? Decode(text, what) : null;
        return decoded ?? throw new FormatException($"{what} is 0x and {2 * bytes} hexadecimal digits, not {text.Length} characters.");
    }
}
