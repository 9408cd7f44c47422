namespace EventArchive.Testing;

/// <summary>The clone that the running program was built from.</summary>
public static class Repository
{
    private const string Mark = "EventArchive.sln";

    /// <summary>The folder above the program that holds EventArchive.sln.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>A file of the clone, from its path below the root.</summary>
    public static string File(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    private static string Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, Mark)))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No folder above {start} holds {Mark}: run this from a clone of the repository.");
    }
}
