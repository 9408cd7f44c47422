using System.Reflection;

namespace EventArchive.Postgres;

/// <summary>The SQL files of this assembly.</summary>
internal static class Sql
{
    public static string Read(string name)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(name + ".sql")
            ?? throw new InvalidOperationException($"{name}.sql is not among the resources of the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
