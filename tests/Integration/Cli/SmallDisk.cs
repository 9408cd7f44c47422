using System.Diagnostics;
using EventArchive.Testing;
using EventArchive.Tests.Integration.BitTorrent;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>A tmpfs of a few megabytes that a test may fill.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int PageBytes = 4096;

    private readonly TempFolder folder = new();

    private SmallDisk() { }

    public string Path => folder.Path;

    /// <exception cref="InvalidOperationException">Mounting is not allowed here.</exception>
    public static SmallDisk Mount(int bytes)
    {
        var disk = new SmallDisk();
        try
        {
            Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "eventarchive-test", disk.Path);
        }
        catch
        {
            disk.folder.Dispose();
            throw;
        }
        return disk;
    }

    public void Remount(string mode) => Run("mount", "-o", $"remount,{mode}", Path);

    /// <summary>Takes all room but some pages; returns the file that took it.</summary>
    public string Fill(int pagesLeft)
    {
        var path = System.IO.Path.Combine(Path, "filler");
        var room = new DriveInfo(Path).AvailableFreeSpace - ((long)pagesLeft * PageBytes);
        File.WriteAllBytes(path, new byte[room]);
        return path;
    }

    public void Dispose()
    {
        Run("umount", Path);
        folder.Dispose();
    }

    /// <exception cref="InvalidOperationException">It failed.</exception>
    internal static void Run(string program, params string[] arguments)
    {
        using var process = ChildProcess.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }
        );
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"{program} failed: {error.Trim()} These tests mount and fill disks, so they need root and the right to mount (CAP_SYS_ADMIN)."
            );
    }
}
