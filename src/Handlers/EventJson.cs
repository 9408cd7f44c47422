using System.Text.Json;
using EventArchive.Events;

namespace EventArchive.Handlers;

/// <summary>
/// The body of a stored event, as Marten 8 writes and reads it without options: names as in C#, enums as numbers, dates ISO 8601.
/// </summary>
public static class EventJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        // A body that lacks a field, or has null where none may be, is of another shape: it must not become silent defaults.
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new StorableText() },
    };

    /// <exception cref="ArgumentException">The event holds text that cannot be stored.</exception>
    public static string Write(IEvent @event)
    {
        try
        {
            return JsonSerializer.Serialize(@event, @event.GetType(), Options);
        }
        catch (ArgumentException fault)
        {
            throw new ArgumentException($"{@event.GetType().Name} cannot be stored. {fault.Message}", fault);
        }
    }

    /// <exception cref="UnreadableEventException">The name is unknown, or the JSON is of another shape.</exception>
    public static IEvent Read(long seqId, string storedName, string json)
    {
        var type =
            StoredName.TypeOf(storedName)
            ?? throw new UnreadableEventException(
                seqId,
                $"this version knows no event named '{storedName}'. Run the version that wrote it."
            );
        try
        {
            return JsonSerializer.Deserialize(json, type, Options) as IEvent
                ?? throw new UnreadableEventException(seqId, $"its body is null, not a {storedName}.");
        }
        catch (JsonException fault)
        {
            throw new UnreadableEventException(seqId, $"its body is not a {storedName}: {fault.Message}", fault);
        }
    }
}
