using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using EventArchive.Domain;
using EventArchive.Model;

namespace EventArchive.Tests.Unit.Handlers;

/// <summary>Every property of a state as text, read from the object and not through what is under test. Sets have no order, lists and dictionaries do.</summary>
internal static class StateText
{
    private static readonly PropertyInfo[] Properties = typeof(Community).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    public static IReadOnlyList<string> Of(Community community) =>
        [.. Properties.Select(property => $"{property.Name} {Text(property.GetValue(community))}")];

    private static string Text(object? value) =>
        value switch
        {
            null => "null",
            string or byte[] => JsonSerializer.Serialize(value),
            ImmutableSortedDictionary<string, PeerAddress?> seeders => ByNode(seeders),
            ImmutableSortedDictionary<string, InfoHash> serving => ByNode(serving),
            IEnumerable many when IsSet(value.GetType()) => string.Join(
                ',',
                many.Cast<object>().Select(Text).Order(StringComparer.Ordinal)
            ),
            IEnumerable many => string.Join(',', many.Cast<object>().Select(Text)),
            _ => $"{value.GetType().Name} {JsonSerializer.Serialize(value, value.GetType())}",
        };

    private static string ByNode<T>(ImmutableSortedDictionary<string, T> values) =>
        (values.KeyComparer == StringComparer.Ordinal ? "ordinal " : "other order ")
        + string.Join(',', values.Select(one => $"{one.Key}={one.Value}"));

    private static bool IsSet(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableHashSet<>);
}
