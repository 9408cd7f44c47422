using System.Text.Json;
using System.Text.Unicode;

namespace EventArchive.Events;

/// <summary>
/// One spelling for each JSON value, so that equal values have equal bytes whatever a database made of their text: RFC 8785, but with
/// numbers as exact decimals (docs/integrity.md).
/// </summary>
public static class CanonicalJson
{
    /// <summary>Arrays and objects within each other; what System.Text.Json reads without options.</summary>
    public const int MaxDepth = 64;

    /// <summary>Digits before the point. What a numeric of Postgres, and so a jsonb, holds at most (PostgreSQL manual 8.1.2).</summary>
    public const int MaxIntegerDigits = 131_072;

    /// <summary>Digits after the point, from the same place.</summary>
    public const int MaxFractionDigits = 16_383;

    /// <summary>Of the canonical form. Only numbers with exponents make it longer than the text: nine bytes can ask for 131,072 digits.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <exception cref="JsonException">
    /// Not one JSON value in UTF-8, nested too deep, a member named twice, half a surrogate pair, or a number or result above the limits.
    /// </exception>
    public static byte[] Of(ReadOnlySpan<byte> json)
    {
        if (IsCanonical(json))
            return json.ToArray();
        if (!Utf8.IsValid(json))
            throw new JsonException("The text is not UTF-8.");
        using var writer = new CanonicalWriter();
        return writer.Rewrite(json);
    }

    /// <summary>
    /// Whether one pass over the bytes proves that <see cref="Of"/> would give them back. False is no proof of the contrary: fractions,
    /// member names beyond ASCII and escapes by number are left to the longer way.
    /// </summary>
    public static bool IsCanonical(ReadOnlySpan<byte> json) => Utf8.IsValid(json) && new CanonicalProof(json).Holds();
}
