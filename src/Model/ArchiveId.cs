using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace EventArchive.Model;

/// <summary>Keccak-256 of an archive's index entry as 0x and 64 lower-case hexadecimal digits; it covers place and window, not content.</summary>
[JsonConverter(typeof(ParsableStringConverter<ArchiveId>))]
public sealed record ArchiveId : IParsable<ArchiveId>
{
    public const int HashBytes = 32;

    private readonly string text;

    private ArchiveId(string text) => this.text = text;

    /// <summary>The id of an entry, from the entry's protobuf bytes.</summary>
    public static ArchiveId OfEntry(ReadOnlySpan<byte> entry) => new(Hex.Encode(Keccak256.Hash(entry)));

    public static ArchiveId Parse(string text, IFormatProvider? provider = null)
    {
        _ = Hex.Decode(text, "An archive id", HashBytes);
        return new ArchiveId(text.ToLowerInvariant());
    }

    public static bool TryParse([NotNullWhen(true)] string? text, IFormatProvider? provider, [MaybeNullWhen(false)] out ArchiveId result)
    {
        result = null;
        try
        {
            result = text is null ? null : Parse(text);
        }
        catch (FormatException) { }
        return result is not null;
    }

    public override string ToString() => text;
}
