using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EventArchive.Archives;

/// <summary>The few calls of libc that .NET does not offer, or whose failure it hides.</summary>
internal static partial class LinuxFiles
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;

    private const uint WaitForWriteOut = 1;
    private const int MayWrite = 2;
    private const uint StartWriteOut = 2;
    private const int NoLongerNeeded = 4;
    private const int CloseOnExec = 0x80000;
    private const int NoEntry = 2;
    private const int Interrupted = 4;
    private const int NotADirectory = 20;
    private const int NotImplemented = 38;
    private const int TooManyLinks = 40;

    // The two flags have other numbers on ARM (asm/fcntl.h).
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64;

    public static readonly int DirectoryOnly = Arm ? 0x4000 : 0x10000;

    private static readonly int NoFollow = Arm ? 0x8000 : 0x20000;

    /// <summary>Opens without following a link in the last part of the path.</summary>
    public static SafeFileHandle Open(string path, int flags, int mode = 0)
    {
        var descriptor = OpenFile(path, flags | NoFollow | CloseOnExec, mode);
        if (descriptor >= 0)
            return new SafeFileHandle(descriptor, ownsHandle: true);
        var error = Marshal.GetLastPInvokeError();
        throw error switch
        {
            NoEntry => new FileNotFoundException($"{path} is not there.", path),
            TooManyLinks => new IOException($"{path} is a symbolic link; links inside the archive tree are not followed."),
            NotADirectory when (flags & DirectoryOnly) != 0 => new IOException($"{path} is not a folder; links are not followed."),
            _ => Fault($"{path} could not be opened", error),
        };
    }

    public static void Sync(SafeFileHandle file)
    {
        while (SyncFile(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
                throw Fault("A file could not be synced, so its bytes may not be on the disk", error);
        }
    }

    /// <summary>Null: files can be made in the folder. Otherwise why not, in the system's words.</summary>
    public static string? FindWriteFault(string folder) =>
        CheckAccess(folder, MayWrite) == 0 ? null : Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError());

    /// <summary>Lets the disk begin with bytes just written, so that the sync behind them is short.</summary>
    /// <exception cref="IOException">They could not be written.</exception>
    public static void StartWriting(SafeFileHandle file, long offset, long length) => WriteOut(file, offset, length, StartWriteOut);

    /// <summary>
    /// Waits until the disk has what <see cref="StartWriting"/> began, and gives the memory back: a file that grows by gigabytes would take pages
    /// from all others, and new ones cost more than the copying. No sync: the length of the file may not be on the disk.
    /// </summary>
    /// <param name="offset">A multiple of the page size, as <paramref name="length"/> is.</param>
    /// <exception cref="IOException">They could not be written. A later sync of this handle may be silent about it.</exception>
    public static void AwaitWritten(SafeFileHandle file, long offset, long length)
    {
        WriteOut(file, offset, length, WaitForWriteOut);
        _ = Advise(file, offset, length, NoLongerNeeded);
    }

    // What the call reports is reported once: whoever passes over it loses what the sync would have said.
    private static void WriteOut(SafeFileHandle file, long offset, long length, uint flags)
    {
        while (SyncFileRange(file, offset, length, flags) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            // Without such a call nothing was asked, and the sync does all of it.
            if (error == NotImplemented)
                return;
            if (error != Interrupted)
                throw Fault("Bytes could not be written out to the disk", error);
        }
    }

    private static IOException Fault(string what, int error) => new($"{what}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CheckAccess(string path, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFile(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
