using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace EventArchive.Model;

/// <summary>A community's compressed secp256k1 public key (33 bytes) as 0x and 66 lower-case hexadecimal digits.</summary>
[JsonConverter(typeof(ParsableStringConverter<CommunityId>))]
public sealed record CommunityId : IParsable<CommunityId>
{
    public const int KeyBytes = 33;

    /// <summary>Of its text.</summary>
    public const int Characters = 2 + (2 * KeyBytes);

    private readonly string text;

    private CommunityId(string text) => this.text = text;

    public static CommunityId FromKey(ReadOnlySpan<byte> compressedKey) => Parse(Hex.Encode(compressedKey));

    public static CommunityId Parse(string text, IFormatProvider? provider = null)
    {
        var key = Hex.Decode(text, "A community id", KeyBytes);
        if (key[0] is not (2 or 3))
            throw new FormatException("A community id is a compressed public key: it starts with 0x02 or 0x03.");
        return new CommunityId(text.ToLowerInvariant());
    }

    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, [MaybeNullWhen(false)] out CommunityId result)
    {
        result = null;
        try
        {
            result = text is null ? null : Parse(text);
        }
        catch (FormatException) { }
        return result is not null;
    }

    public byte[] ToKey() => Hex.Decode(text, "A community id");

    public override string ToString() => text;
}
