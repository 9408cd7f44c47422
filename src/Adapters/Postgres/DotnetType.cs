using System.Collections.Concurrent;

namespace EventArchive.Postgres;

/// <summary>What Marten writes into <c>mt_dotnet_type</c>: the full name of the type and that of its assembly.</summary>
internal static class DotnetType
{
    private static readonly ConcurrentDictionary<Type, string> Names = [];

    public static string Of(Type type) => Names.GetOrAdd(type, static of => $"{of.FullName}, {of.Assembly.GetName().Name}");
}
