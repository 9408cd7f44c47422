using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace EventArchive.Model;

/// <summary>SHA-1 of a torrent's bencoded info dictionary (BEP 3) as 40 lower-case hexadecimal digits.</summary>
[JsonConverter(typeof(ParsableStringConverter<InfoHash>))]
public sealed record InfoHash : IParsable<InfoHash>
{
    public const int HashBytes = 20;

    private readonly string text;

    private InfoHash(string text) => this.text = text;

    public static InfoHash FromBytes(ReadOnlySpan<byte> sha1) => Parse(Convert.ToHexStringLower(sha1));

    public static InfoHash Parse(string text, IFormatProvider? provider = null)
    {
        if (!IsHash(text))
            throw new FormatException("An info-hash is 40 hexadecimal digits.");
        return new InfoHash(text.ToLowerInvariant());
    }

    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, [MaybeNullWhen(false)] out InfoHash result)
    {
        result = IsHash(text) ? Parse(text!) : null;
        return result is not null;
    }

    public byte[] ToBytes() => Convert.FromHexString(text);

    public override string ToString() => text;

    private static bool IsHash(ReadOnlySpan<char> text) => text.Length == 2 * HashBytes && !text.ContainsAnyExcept(Hex.Digits);
}
