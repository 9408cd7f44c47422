using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EventArchive.Domain;
using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>A folded state as JSON and back, exactly: what is read decides and folds on as what was written.</summary>
public static class CommunityJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        // A row that lacks a field, or has one too many, was not written by this program: it must not become silent defaults.
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(RequireEveryProperty),
        Converters = { new ByNode<PeerAddress?>(), new ByNode<InfoHash>() },
    };

    public static string Write(Community community) => JsonSerializer.Serialize(community, Options);

    /// <exception cref="JsonException">It is not a state that this program wrote.</exception>
    public static Community Read(string json) =>
        JsonSerializer.Deserialize<Community>(json, Options) ?? throw new JsonException("A folded state is not null.");

    private static void RequireEveryProperty(JsonTypeInfo info)
    {
        if (info.Type != typeof(Community))
            return;
        foreach (var property in info.Properties)
            property.IsRequired = true;
    }

    /// <summary>The serializer would sort by culture; magnets name their peers in ordinal order of the nodes.</summary>
    private sealed class ByNode<T> : JsonConverter<ImmutableSortedDictionary<string, T>>
    {
        public override ImmutableSortedDictionary<string, T> Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) => JsonSerializer.Deserialize<Dictionary<string, T>>(ref reader, options)!.ToImmutableSortedDictionary(StringComparer.Ordinal);

        public override void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<string, T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize<IReadOnlyDictionary<string, T>>(writer, value, options);
    }
}
