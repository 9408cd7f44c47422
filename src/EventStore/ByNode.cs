using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventArchive.EventStore;

/// <summary>The serializer would sort by culture; magnets name their peers in ordinal order of the nodes.</summary>
internal sealed class ByNode<T> : JsonConverter<ImmutableSortedDictionary<string, T>>
{
    public override ImmutableSortedDictionary<string, T> Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => JsonSerializer.Deserialize<Dictionary<string, T>>(ref reader, options)!.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public override void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<string, T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize<IReadOnlyDictionary<string, T>>(writer, value, options);
}
