using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EventArchive.Commands;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>
/// JSON to a command that others may send. Field names in any case. A field that is missing, unknown, there twice or of the wrong kind is a
/// fault with the field's name: nothing is passed over and nothing is guessed.
/// </summary>
public static class CommandReader
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        MaxDepth = 8,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    private static readonly Dictionary<string, Type> Types = BusEndpoints.CommandTypes.ToDictionary(
        type => type.Name,
        StringComparer.Ordinal
    );

    public static IReadOnlyList<string> Names { get; } = [.. Types.Keys.Order(StringComparer.Ordinal)];

    public static Type? Find(string name) => Types.GetValueOrDefault(name);

    /// <returns>The command, or by field what is wrong; a fault of the whole has the empty name.</returns>
    public static (ICommand? Command, IDictionary<string, string[]> Faults) Read(Type type, ReadOnlyMemory<byte> utf8)
    {
        var faults = new Dictionary<string, string[]>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(utf8, new() { MaxDepth = Options.MaxDepth, AllowDuplicateProperties = false });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                faults[""] = [$"The body is a JSON object with the fields of {type.Name}."];
            else
                CheckNames(type, json.RootElement, faults);
            return (faults.Count == 0 ? Deserialize(type, json.RootElement, faults) : null, faults);
        }
        catch (JsonException fault)
        {
            faults[""] = [$"The body is not JSON: {JsonFault.Tell(fault)}"];
            return (null, faults);
        }
    }

    private static void CheckNames(Type type, JsonElement json, Dictionary<string, string[]> faults)
    {
        var known = Options.GetTypeInfo(type).Properties;
        var given = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in json.EnumerateObject().Where(property => !given.Add(property.Name)))
            faults[property.Name] = [$"{property.Name} is there twice."];
        foreach (var property in known.Where(property => property.IsRequired && !given.Contains(property.Name)))
            faults[property.Name] = [$"{property.Name} is missing: it is {Kind(property.PropertyType)}."];
        given.ExceptWith(known.Select(property => property.Name));
        foreach (var name in given)
            faults[name] = [$"There is no field {name}. There are: {string.Join(", ", known.Select(property => property.Name))}."];
    }

    private static ICommand? Deserialize(Type type, JsonElement json, Dictionary<string, string[]> faults)
    {
        try
        {
            return (ICommand?)json.Deserialize(type, Options);
        }
        catch (JsonException fault)
        {
            var path = JsonFault.Field(fault.Path);
            var name = path.Split('.', '[')[0];
            var property = Options
                .GetTypeInfo(type)
                .Properties.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase));
            // A value type's own words say more than the kind of its field.
            faults[path] =
            [
                property is null ? JsonFault.Tell(fault)
                : fault.InnerException is FormatException && !JsonFault.IsWrongKind(fault) ? $"{path}: {fault.Message}"
                : $"{property.Name} has a wrong value: it is {Kind(property.PropertyType)}.",
            ];
            return null;
        }
    }

    private static string Kind(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            var one when one == typeof(bool) => "true or false",
            var one when one == typeof(uint) => $"a whole number from 0 to {uint.MaxValue}",
            var one when one == typeof(ulong) || one == typeof(Clock) => $"a whole number from 0 to {ulong.MaxValue}",
            var one when one == typeof(byte[]) => "bytes in base64",
            var one when one.IsGenericType => "a list of texts",
            _ => "a text",
        };
}
