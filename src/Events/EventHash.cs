using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace EventArchive.Events;

/// <summary>
/// SHA-256 of an event and, through its predecessor's hash, of all before it in its stream. It is taken over the canonical JSON of one object
/// with the members causation, correlation, data, id, previous, stream, type and version (docs/integrity.md).
/// </summary>
public sealed record EventHash
{
    public const int Bytes = 32;

    /// <summary>More than the member names, the id, the version and the predecessor's hash take together.</summary>
    private const int FixedBytes = 320;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private readonly string hex;

    private EventHash(string hex) => this.hex = hex;

    /// <param name="canonicalData">The event's body in the form of <see cref="CanonicalJson"/>, UTF-8.</param>
    /// <param name="correlation">The column's text, whatever it is; null when there is none.</param>
    /// <param name="previous">Of the event one version before; null for the first, or when that one has none.</param>
    /// <exception cref="System.Text.Json.JsonException">A text holds half a surrogate pair.</exception>
    public static EventHash Of(
        string stream,
        long version,
        string type,
        Guid id,
        ReadOnlySpan<byte> canonicalData,
        string? correlation,
        string? causation,
        EventHash? previous
    )
    {
        var texts = stream.Length + type.Length + (correlation?.Length ?? 0) + (causation?.Length ?? 0);
        using var buffer = new CanonicalBuffer(FixedBytes + 3 * texts + canonicalData.Length, Array.MaxLength);
        buffer.Add("{\"causation\":"u8);
        AddTextOrNull(buffer, causation);
        buffer.Add(",\"correlation\":"u8);
        AddTextOrNull(buffer, correlation);
        buffer.Add(",\"data\":"u8);
        buffer.Add(canonicalData);
        buffer.Add(",\"id\":\""u8);
        Span<byte> digits = stackalloc byte[36];
        _ = Utf8Formatter.TryFormat(id, digits, out var written);
        buffer.Add(digits[..written]);
        buffer.Add("\",\"previous\":"u8);
        AddTextOrNull(buffer, previous?.hex);
        buffer.Add(",\"stream\":"u8);
        buffer.AddText(stream);
        buffer.Add(",\"type\":"u8);
        buffer.AddText(type);
        buffer.Add(",\"version\":"u8);
        _ = Utf8Formatter.TryFormat(version, digits, out written);
        buffer.Add(digits[..written]);
        buffer.Add((byte)'}');
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(buffer.Written, hash);
        return new EventHash(Convert.ToHexStringLower(hash));
    }

    /// <exception cref="FormatException">Not 64 lower-case hexadecimal digits.</exception>
    public static EventHash Parse(string hex) =>
        hex.Length == 2 * Bytes && !hex.AsSpan().ContainsAnyExcept(LowerHex)
            ? new(hex)
            : throw new FormatException("A hash has 64 lower-case hexadecimal digits.");

    public override string ToString() => hex;

    private static void AddTextOrNull(CanonicalBuffer buffer, string? text)
    {
        if (text is null)
            buffer.Add("null"u8);
        else
            buffer.AddText(text);
    }
}
