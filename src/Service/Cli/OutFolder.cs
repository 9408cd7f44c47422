namespace EventArchive.Service;

/// <summary>The folder of an option --out: made when it is first needed, and gone again if nothing was put into it.</summary>
public sealed class OutFolder(DirectoryInfo folder) : IDisposable
{
    private bool made;

    /// <exception cref="IOException">It cannot be made.</exception>
    public string Make()
    {
        made |= !Directory.Exists(folder.FullName);
        Directory.CreateDirectory(folder.FullName);
        return folder.FullName;
    }

    public void Dispose()
    {
        if (made && Directory.Exists(folder.FullName) && !Directory.EnumerateFileSystemEntries(folder.FullName).Any())
            Directory.Delete(folder.FullName);
    }
}
