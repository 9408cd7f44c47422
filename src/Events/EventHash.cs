using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace EventArchive.Events;

/// <summary>
/// SHA-256 of an event and, through its predecessor's hash, of all before it in its stream. It is taken over the canonical JSON of one object
/// (docs/integrity.md). Form 1 has the members causation, correlation, data, id, previous, stream, type and version. Form 2 also covers the
/// time and every header: causation, correlation, data, headers, id, stream, time, type and version.
/// </summary>
public sealed record EventHash
{
    public const int Bytes = 32;

    /// <summary>More than the member names, the id, the time, the version and the predecessor's hash take together.</summary>
    private const int FixedBytes = 320;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private readonly string hex;

    private EventHash(string hex) => this.hex = hex;

    /// <summary>Form 1.</summary>
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
        AddId(buffer, id);
        buffer.Add(",\"previous\":"u8);
        AddTextOrNull(buffer, previous?.hex);
        buffer.Add(",\"stream\":"u8);
        buffer.AddText(stream);
        return EndWith(buffer, type, version);
    }

    /// <summary>Form 2.</summary>
    /// <param name="canonicalData">The event's body in the form of <see cref="CanonicalJson"/>, UTF-8.</param>
    /// <param name="time">Digits below the microsecond do not count; see <see cref="EventTime.Cut"/>.</param>
    /// <param name="correlation">The column's text, whatever it is; null when there is none.</param>
    /// <param name="canonicalHeadersWithoutHash">
    /// All headers except <c>hash</c> in the form of <see cref="CanonicalJson"/>, <c>form</c> and <c>previous</c> among them; see
    /// <see cref="HeadersOfForm2"/>.
    /// </param>
    /// <exception cref="System.Text.Json.JsonException">A text holds half a surrogate pair.</exception>
    public static EventHash OfForm2(
        string stream,
        long version,
        string type,
        Guid id,
        ReadOnlySpan<byte> canonicalData,
        DateTimeOffset time,
        string? correlation,
        string? causation,
        ReadOnlySpan<byte> canonicalHeadersWithoutHash
    )
    {
        var texts = stream.Length + type.Length + (correlation?.Length ?? 0) + (causation?.Length ?? 0);
        var capacity = FixedBytes + 3 * texts + canonicalData.Length + canonicalHeadersWithoutHash.Length;
        using var buffer = new CanonicalBuffer(capacity, Array.MaxLength);
        buffer.Add("{\"causation\":"u8);
        AddTextOrNull(buffer, causation);
        buffer.Add(",\"correlation\":"u8);
        AddTextOrNull(buffer, correlation);
        buffer.Add(",\"data\":"u8);
        buffer.Add(canonicalData);
        buffer.Add(",\"headers\":"u8);
        buffer.Add(canonicalHeadersWithoutHash);
        AddId(buffer, id);
        buffer.Add(",\"stream\":"u8);
        buffer.AddText(stream);
        buffer.Add(",\"time\":\""u8);
        Span<byte> text = stackalloc byte[EventTime.Characters];
        EventTime.Write(time, text);
        buffer.Add(text);
        buffer.Add((byte)'"');
        return EndWith(buffer, type, version);
    }

    /// <exception cref="FormatException">Not 64 lower-case hexadecimal digits.</exception>
    public static EventHash Parse(string hex) =>
        hex.Length == 2 * Bytes && !hex.AsSpan().ContainsAnyExcept(LowerHex)
            ? new(hex)
            : throw new FormatException("A hash has 64 lower-case hexadecimal digits.");

    public override string ToString() => hex;

    private static void AddId(CanonicalBuffer buffer, Guid id)
    {
        buffer.Add(",\"id\":\""u8);
        Span<byte> digits = stackalloc byte[36];
        _ = Utf8Formatter.TryFormat(id, digits, out var written);
        buffer.Add(digits[..written]);
        buffer.Add((byte)'"');
    }

    private static EventHash EndWith(CanonicalBuffer buffer, string type, long version)
    {
        buffer.Add(",\"type\":"u8);
        buffer.AddText(type);
        buffer.Add(",\"version\":"u8);
        Span<byte> digits = stackalloc byte[20];
        _ = Utf8Formatter.TryFormat(version, digits, out var written);
        buffer.Add(digits[..written]);
        buffer.Add((byte)'}');
        Span<byte> hash = stackalloc byte[Bytes];
        SHA256.HashData(buffer.Written, hash);
        return new EventHash(Convert.ToHexStringLower(hash));
    }

    private static void AddTextOrNull(CanonicalBuffer buffer, string? text)
    {
        if (text is null)
            buffer.Add("null"u8);
        else
            buffer.AddText(text);
    }
}
