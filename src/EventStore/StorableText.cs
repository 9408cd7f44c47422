using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventArchive.EventStore;

/// <summary>
/// Text that Postgres can keep: neither U+0000 nor a lone surrogate (PostgreSQL manual 8.14, JSON Types). Such text is refused here,
/// since the serializer would silently write U+FFFD for the one and the database would fail on the other.
/// </summary>
public sealed class StorableText : JsonConverter<string>
{
    /// <exception cref="ArgumentException">The text cannot be stored.</exception>
    public static string Check(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\0')
                throw new ArgumentException($"A text holds U+0000 at position {at}, which cannot be stored. Remove it first.");
            if (!char.IsSurrogate(text[at]))
                continue;
            if (!char.IsSurrogatePair(text, at))
                throw new ArgumentException($"A text holds half a surrogate pair at position {at}, which cannot be stored. Mend it first.");
            at++;
        }
        return text;
    }

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString() : throw new JsonException("Here stands a string.");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(Check(value));

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WritePropertyName(Check(value));
}
