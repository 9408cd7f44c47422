using EventArchive.Handlers;

namespace EventArchive.Archives;

/// <summary>
/// The folder that holds the archive tree, and how it is told from the empty folder that an unmounted disk leaves: by a marker file, made at
/// the first use and demanded ever after.
/// </summary>
public sealed class ArchiveRoot(ArchiveTreeOptions options)
{
    /// <summary>Hidden, so that foreign programs and <c>*.torrent</c> pass it over.</summary>
    public const string MarkerName = ".eventarchive-root";

    public string FolderPath { get; } = Path.GetFullPath(options.Root);

    private string Marker => Path.Combine(FolderPath, MarkerName);

    /// <exception cref="ArchiveRootMissingException">It is not there, or its marker is not and the options demand it.</exception>
    public void Check()
    {
        if (FindFault() is { } fault)
            throw new ArchiveRootMissingException(fault);
    }

    /// <exception cref="ArchiveRootMissingException">It is not there, or nothing can be written into it.</exception>
    public void CheckWritable()
    {
        Check();
        if (FindWriteFault() is { } fault)
            throw new ArchiveRootMissingException(fault);
    }

    /// <summary>Null: it can be written, or is not there. Otherwise what is wrong, and what to do; what lies in it can be served all the same.</summary>
    public string? FindWriteFault() =>
        Directory.Exists(FolderPath) && LinuxFiles.FindWriteFault(FolderPath) is { } reason
            ? $"The archive root {FolderPath} cannot be written ({reason}): what is there is seeded, and nothing is cut or fetched until it can. "
                + "Mount its disk for writing, or mend the rights."
            : null;

    /// <summary>Null: the root is there. Otherwise what is wrong, and what to do.</summary>
    public string? FindFault() =>
        !Directory.Exists(FolderPath)
            ? $"The archive root {FolderPath} is not there. If its disk is not mounted, mount it; if it is new, make the folder first."
        : options.DemandMarker && !File.Exists(Marker)
            ? $"The archive root {FolderPath} has no file {MarkerName}, so it is taken for the mount point of a disk that is not mounted: mount "
                + $"it. If the archives are lost for good, make that file by hand and send RestoreArchive for each community."
        : null;

    /// <summary>Puts the marker where it is certain that this is the root: it holds archives, or it was never used.</summary>
    /// <param name="wasUsed">Whether archives were ever made or fetched here, asked only of an empty folder.</param>
    /// <returns>Whether the root is there.</returns>
    /// <exception cref="IOException">The marker cannot be written.</exception>
    public async Task<bool> Open(Func<Task<bool>> wasUsed)
    {
        if (FindFault() is null)
            return true;
        if (!Directory.Exists(FolderPath) || (!Directory.EnumerateFiles(FolderPath, "*.torrent").Any() && await wasUsed()))
            return false;
        Disk.WriteAtomically(Marker, "EventArchive tells its archive root from an empty mount point by this file: leave it here.\n"u8);
        return true;
    }
}
