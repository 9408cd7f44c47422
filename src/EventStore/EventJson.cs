using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.EventStore;

/// <summary>
/// The body of a stored event, as Marten 8 writes and reads it without options: names as in C#, enums as numbers, dates ISO 8601. Written in
/// the form of <see cref="CanonicalJson"/>.
/// </summary>
public static class EventJson
{
    /// <summary>Of events and documents alike.</summary>
    public static readonly JsonSerializerOptions Options = new()
    {
        // A body that lacks a field, or has null where none may be, is of another shape: it must not become silent defaults.
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new StorableText(), new ByNode<PeerAddress?>(), new ByNode<InfoHash>() },
        // Few escapes and members in order: nearly every body is canonical as it is written, and need not be written twice.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { InCanonicalOrder, RequireEveryProperty } },
    };

    /// <exception cref="ArgumentException">The event holds text that cannot be stored.</exception>
    public static string Write(IEvent @event) => Encoding.UTF8.GetString(WriteBytes(@event));

    /// <summary>The body in UTF-8 and in the canonical form: what is stored is what <see cref="EventHash"/> is taken of.</summary>
    /// <exception cref="ArgumentException">The event holds text that cannot be stored.</exception>
    public static byte[] WriteBytes(IEvent @event)
    {
        try
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(@event, @event.GetType(), Options);
            return CanonicalJson.IsCanonical(json) ? json : CanonicalJson.Of(json);
        }
        catch (ArgumentException fault)
        {
            throw new ArgumentException($"{@event.GetType().Name} cannot be stored. {fault.Message}", fault);
        }
    }

    /// <returns>The event in its newest form, whatever form is stored.</returns>
    /// <exception cref="UnreadableEventException">The name is unknown, or the JSON is of another shape.</exception>
    public static IEvent Read(long seqId, string storedName, string json) => Read(seqId, storedName, Encoding.UTF8.GetBytes(json));

    /// <param name="json">UTF-8.</param>
    /// <exception cref="UnreadableEventException">The name is unknown, or the JSON is of another shape.</exception>
    public static IEvent Read(long seqId, string storedName, ReadOnlySpan<byte> json)
    {
        var type =
            StoredName.TypeOf(storedName)
            ?? throw new UnreadableEventException(
                seqId,
                $"this version knows no event named '{storedName}'. Run the version that wrote it."
            );
        try
        {
            return JsonSerializer.Deserialize(json, type, Options) is IEvent @event
                ? ISupersededEvent.Newest(@event)
                : throw new UnreadableEventException(seqId, $"its body is null, not a {storedName}.");
        }
        catch (JsonException fault)
        {
            throw new UnreadableEventException(seqId, $"its body is not a {storedName}: {fault.Message}", fault);
        }
    }

    /// <summary>A folded state that lacks a field, or has one too many, was not written by this program: nothing of it may be lost in silence.</summary>
    private static void RequireEveryProperty(JsonTypeInfo info)
    {
        if (info.Type != typeof(Community))
            return;
        info.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        foreach (var property in info.Properties)
            property.IsRequired = true;
    }

    private static void InCanonicalOrder(JsonTypeInfo type)
    {
        var order = 0;
        foreach (var property in type.Properties.OrderBy(property => property.Name, StringComparer.Ordinal))
            property.Order = order++;
    }
}
