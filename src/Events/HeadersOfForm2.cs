using System.Buffers.Text;

namespace EventArchive.Events;

/// <summary>
/// The headers of an event whose hash is of form 2. A writer takes the hash over <see cref="Canonical"/> and stores
/// <see cref="With(EventHash)"/>.
/// </summary>
public sealed class HeadersOfForm2
{
    public const int Form = 2;

    private const int FixedBytes = 160;

    private readonly string actor;
    private readonly EventHash? previous;
    private readonly string? cause;
    private readonly byte[] canonical;

    /// <param name="actor">Who asked. Postgres refuses U+0000 in it.</param>
    /// <param name="previous">Of the event one version before; null for the first, or when that one has none.</param>
    /// <param name="causeEventId">The event that led to this one; null when there is none, and then there is no header for it.</param>
    /// <exception cref="System.Text.Json.JsonException">The actor holds half a surrogate pair.</exception>
    public HeadersOfForm2(string actor, EventHash? previous, Guid? causeEventId)
    {
        (this.actor, this.previous, cause) = (actor, previous, causeEventId?.ToString("D"));
        canonical = Write();
    }

    /// <summary>Without the hash: what <see cref="EventHash.OfForm2"/> covers, UTF-8.</summary>
    public ReadOnlySpan<byte> Canonical => canonical;

    /// <summary>Names and values to store, without the hash, in the order of names. The values are texts, null and one int.</summary>
    public Dictionary<string, object?> ToDictionary()
    {
        Dictionary<string, object?> headers = new(5) { ["actor"] = actor };
        if (cause is not null)
            headers["cause"] = cause;
        headers["form"] = Form;
        headers["previous"] = previous?.ToString();
        return headers;
    }

    /// <summary>All that is stored.</summary>
    public Dictionary<string, object?> With(EventHash hash)
    {
        var headers = ToDictionary();
        headers["hash"] = hash.ToString();
        return headers;
    }

    private byte[] Write()
    {
        using var buffer = new CanonicalBuffer(FixedBytes + 3 * actor.Length, CanonicalJson.MaxBytes);
        buffer.Add("{\"actor\":"u8);
        buffer.AddText(actor);
        if (cause is not null)
        {
            buffer.Add(",\"cause\":"u8);
            buffer.AddText(cause);
        }
        buffer.Add(",\"form\":"u8);
        Span<byte> digits = stackalloc byte[11];
        _ = Utf8Formatter.TryFormat(Form, digits, out var written);
        buffer.Add(digits[..written]);
        buffer.Add(",\"previous\":"u8);
        if (previous is null)
            buffer.Add("null"u8);
        else
            buffer.AddText(previous.ToString());
        buffer.Add((byte)'}');
        return buffer.Written.ToArray();
    }
}
