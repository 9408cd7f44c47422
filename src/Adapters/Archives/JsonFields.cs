using System.Text.Json;
using EventArchive.Model;

namespace EventArchive.Archives;

/// <summary>The fields of one JSON object, none unknown. Faults are <see cref="FormatException"/>s that name object and field.</summary>
internal sealed class JsonFields
{
    private readonly JsonElement json;

    /// <param name="what">What the object is, for people: "Message 17".</param>
    public JsonFields(JsonElement json, string what, string[] known)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{what} is a JSON object, not {json.ValueKind}.");
        (this.json, What) = (json, what);
        foreach (var field in json.EnumerateObject())
        {
            var name = field.Name;
            if (!known.Contains(name))
                throw new FormatException(
                    $"{what}: there is no field '{name[..Math.Min(40, name.Length)]}'; known are {string.Join(", ", known)}."
                );
        }
    }

    public string What { get; }

    public bool Has(string name) => json.TryGetProperty(name, out _);

    public JsonElement Required(string name) =>
        json.TryGetProperty(name, out var value) ? value : throw new FormatException($"{What}: the field {name} is missing.");

    public T Required<T>(string name, Func<JsonElement, string, T> read) => read(Required(name), Place(name));

    public T? Optional<T>(string name, Func<JsonElement, string, T> read)
        where T : class => json.TryGetProperty(name, out var value) ? read(value, Place(name)) : null;

    public ulong Number(string name, ulong most)
    {
        var value = Required(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var number) && number <= most
            ? number
            : throw Fault(name, $"it is a whole number from 0 to {most}");
    }

    public FormatException Fault(string name, string reason) => new($"{Place(name)}: {reason}.");

    public static string Text(JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw new FormatException($"{place}: it is a text, not {value.ValueKind}.");
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException fault)
        {
            throw new FormatException($"{place}: the text has half a character (a lone surrogate).", fault);
        }
    }

    public static byte[] Bytes(JsonElement value, string place)
    {
        try
        {
            return Hex.Decode(Text(value, place), "Bytes");
        }
        catch (FormatException fault) when (!fault.Message.StartsWith(place, StringComparison.Ordinal))
        {
            throw new FormatException($"{place}: {fault.Message}", fault);
        }
    }

    private string Place(string name) => $"{What}: field {name}";
}
