using System.Reflection;

namespace EventArchive.Service;

/// <summary>
/// Settings that there are not, or not with such a value: each a sentence. Values are not repeated, since some are secrets.
/// A misspelt setting is a fault, because its default would otherwise be taken in silence.
/// </summary>
internal static class UnreadableSettings
{
    /// <param name="configuration">All sources together.</param>
    /// <param name="sections">Names of <see cref="ServiceOptions"/>; other sections are not ours.</param>
    public static IReadOnlyList<string> Of(IConfiguration configuration, IReadOnlyList<string> sections) =>
        [
            .. configuration
                .AsEnumerable()
                .Where(setting => setting.Value is not null)
                .OrderBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase)
                .Select(setting => FaultOf(setting.Key, setting.Value!, sections))
                .OfType<string>(),
        ];

    private static string? FaultOf(string key, string value, IReadOnlyList<string> sections)
    {
        var path = key.Split(':');
        if (path.Length < 2 || !sections.Contains(path[0], StringComparer.OrdinalIgnoreCase))
            return null;
        var section = Property(typeof(ServiceOptions), path[0])!;
        if (Property(section.PropertyType, path[1]) is not { } setting)
            return $"There is no setting {key}. {section.Name} has {string.Join(", ", Settings(section.PropertyType).Select(one => one.Name))}.";
        return CanBind(key, value) ? null : $"{section.Name}:{setting.Name} cannot be read: it is {Kind(setting.PropertyType)}.";
    }

    private static bool CanBind(string key, string value)
    {
        try
        {
            _ = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build().Get<ServiceOptions>();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static IEnumerable<PropertyInfo> Settings(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(one => one.CanWrite);

    private static PropertyInfo? Property(Type type, string name) =>
        Settings(type).FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.OrdinalIgnoreCase));

    private static string Kind(Type type) =>
        type switch
        {
            { IsEnum: true } => string.Join(" or ", Enum.GetNames(type)),
            _ when type == typeof(TimeSpan) => "a time like 00:00:02",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) => "a whole number",
            _ when type == typeof(Uri) || type.IsGenericType => "an address like http://127.0.0.1:8645",
            _ => "a text",
        };
}
