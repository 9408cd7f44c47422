using System.Reflection;

namespace EventArchive.Postgres;

/// <summary>The SQL files of this assembly.</summary>
internal static class Sql
{
    public static string Read(string name) => ReadText(name + ".sql");

    public static string ReadText(string file)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"{file} is not among the resources of the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
