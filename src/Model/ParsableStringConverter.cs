using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventArchive.Model;

/// <summary>Writes a value type as its text and reads it back through its own parser, so that JSON cannot hold nonsense.</summary>
public sealed class ParsableStringConverter<T> : JsonConverter<T>
    where T : class, IParsable<T>
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? Parse(reader.GetString()!)
            : throw new JsonException($"A {typeof(T).Name} is written as a string.");

    // Through the options' own string converter, so that whatever they demand of text holds for value types too.
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        ((JsonConverter<string>)options.GetConverter(typeof(string))).Write(writer, value.ToString()!, options);

    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString()!);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString()!);

    private static T Parse(string text)
    {
        try
        {
            return T.Parse(text, CultureInfo.InvariantCulture);
        }
        catch (FormatException fault)
        {
            throw new JsonException(fault.Message, fault);
        }
    }
}
