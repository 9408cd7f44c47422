using Microsoft.Win32.SafeHandles;

namespace EventArchive.Archives;

/// <summary>
/// Durable writes. On Linux .NET's own flush reports success when fsync failed, so syncing goes through libc and is checked; what could not be
/// synced is an <see cref="IOException"/> that gives the reason.
/// </summary>
public static class Disk
{
    private const int FileMode = 0x1A4; // 0644, as status-go makes its files

    public static void Sync(SafeFileHandle file) => LinuxFiles.Sync(file);

    public static void Sync(string path)
    {
        using var file = LinuxFiles.Open(path, LinuxFiles.ReadOnly);
        Sync(file);
    }

    /// <summary>Makes the names in a folder durable: those just created, renamed or removed.</summary>
    public static void SyncDirectory(string path) => SyncDirectory(path, Sync);

    /// <summary>
    /// Puts a whole file under its final name, or nothing: temporary name in the same folder, write, sync, rename, sync of the folder.
    /// </summary>
    public static void WriteAtomically(string path, ReadOnlySpan<byte> bytes) => WriteAtomically(path, bytes, Sync);

    internal static void SyncDirectory(string path, Action<SafeFileHandle> sync)
    {
        using var folder = LinuxFiles.Open(path, LinuxFiles.ReadOnly | LinuxFiles.DirectoryOnly);
        sync(folder);
    }

    internal static void WriteAtomically(string path, ReadOnlySpan<byte> bytes, Action<SafeFileHandle> sync)
    {
        var folder = Path.GetDirectoryName(path)!;
        // A name of its own for each try: two writers of one file never share a temporary one.
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}{TemporarySuffix}");
        try
        {
            const int flags = LinuxFiles.ReadWrite | LinuxFiles.Create | LinuxFiles.Exclusive;
            using (var file = LinuxFiles.Open(temporary, flags, FileMode))
            {
                RandomAccess.Write(file, bytes, 0);
                sync(file);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
        SyncDirectory(folder, sync);
    }

    internal const string TemporarySuffix = ".tmp";

    /// <summary>Removes what interrupted writers left in a folder.</summary>
    internal static void RemoveTemporaries(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, ".*" + TemporarySuffix))
            File.Delete(path);
    }

    /// <summary>Removes what interrupted writers of one file left beside it.</summary>
    internal static void RemoveTemporariesOf(string file)
    {
        foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(file)!, $".{Path.GetFileName(file)}.*{TemporarySuffix}"))
            File.Delete(path);
    }

    internal static SafeFileHandle OpenRead(string path) => LinuxFiles.Open(path, LinuxFiles.ReadOnly);

    internal static SafeFileHandle OpenOrCreate(string path) => LinuxFiles.Open(path, LinuxFiles.ReadWrite | LinuxFiles.Create, FileMode);

    /// <summary>A whole small file; null if it is not there.</summary>
    internal static byte[]? ReadAll(string path, long maxBytes)
    {
        try
        {
            using var file = OpenRead(path);
            var length = RandomAccess.GetLength(file);
            if (length > maxBytes)
                throw new IOException($"{path} has {length} bytes; at most {maxBytes} are read.");
            return Read(file, 0, (int)length);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    internal static byte[] Read(SafeFileHandle file, long offset, int length)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(length);
        for (var done = 0; done < length; )
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(done), offset + done);
            if (read == 0)
                throw new EndOfStreamException($"The file ends at byte {offset + done}, {length - done} bytes too early.");
            done += read;
        }
        return bytes;
    }
}
