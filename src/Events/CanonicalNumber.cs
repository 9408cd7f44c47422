using System.Text.Json;

namespace EventArchive.Events;

/// <summary>
/// A number as an exact decimal: digits without leading zeros, and behind a point those of a fraction without trailing zeros. Never an
/// exponent, never minus zero.
/// </summary>
internal static class CanonicalNumber
{
    /// <summary>Beyond any number within the limits, whatever its digits are; the rest of an exponent is not read.</summary>
    private const long ExponentCeiling = 1L << 40;

    /// <param name="number">By JSON's grammar.</param>
    /// <exception cref="JsonException">Above the limits of <see cref="CanonicalJson"/>.</exception>
    public static void Write(ReadOnlySpan<byte> number, CanonicalBuffer buffer)
    {
        var negative = number[0] == (byte)'-';
        if (negative)
            number = number[1..];
        var mantissa = number;
        var e = number.IndexOfAny((byte)'e', (byte)'E');
        long exponent = 0;
        if (e >= 0)
        {
            mantissa = number[..e];
            exponent = Exponent(number[(e + 1)..]);
        }
        var point = mantissa.IndexOf((byte)'.');
        var whole = point < 0 ? mantissa : mantissa[..point];
        var fraction = point < 0 ? [] : mantissa[(point + 1)..];
        fraction = fraction.TrimEnd((byte)'0');
        // The value is 0.<digits> with the point moved right by `integerDigits`.
        var integerDigits = whole.Length + exponent;
        Span<byte> joined = whole.Length + fraction.Length <= 64 ? stackalloc byte[64] : new byte[whole.Length + fraction.Length];
        whole.CopyTo(joined);
        fraction.CopyTo(joined[whole.Length..]);
        ReadOnlySpan<byte> digits = joined[..(whole.Length + fraction.Length)];
        var leading = digits.IndexOfAnyExcept((byte)'0');
        if (leading < 0)
        {
            buffer.Add((byte)'0');
            return;
        }
        integerDigits -= leading;
        digits = digits[leading..].TrimEnd((byte)'0');
        if (integerDigits > CanonicalJson.MaxIntegerDigits || digits.Length - integerDigits > CanonicalJson.MaxFractionDigits)
            throw new JsonException(
                $"A number has more than {CanonicalJson.MaxIntegerDigits} digits before or {CanonicalJson.MaxFractionDigits} after the point."
            );
        if (negative)
            buffer.Add((byte)'-');
        Place(digits, (int)integerDigits, buffer);
    }

    private static void Place(ReadOnlySpan<byte> digits, int integerDigits, CanonicalBuffer buffer)
    {
        if (integerDigits <= 0)
        {
            buffer.Add("0."u8);
            buffer.Fill((byte)'0', -integerDigits);
            buffer.Add(digits);
        }
        else if (digits.Length <= integerDigits)
        {
            buffer.Add(digits);
            buffer.Fill((byte)'0', integerDigits - digits.Length);
        }
        else
        {
            buffer.Add(digits[..integerDigits]);
            buffer.Add((byte)'.');
            buffer.Add(digits[integerDigits..]);
        }
    }

    private static long Exponent(ReadOnlySpan<byte> text)
    {
        var negative = text[0] == (byte)'-';
        if (text[0] is (byte)'-' or (byte)'+')
            text = text[1..];
        long exponent = 0;
        foreach (var digit in text)
            exponent = Math.Min(ExponentCeiling, exponent * 10 + (digit - '0'));
        return negative ? -exponent : exponent;
    }
}
