using EventArchive.Archives;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

public sealed class DiskTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("eventarchive-").FullName;

    private string Target => Path.Combine(folder, "target");

    [Fact]
    public void A_file_is_replaced_whole_and_no_temporary_name_stays()
    {
        Disk.WriteAtomically(Target, "old"u8);
        Disk.WriteAtomically(Target, "new"u8);

        File.ReadAllText(Target).ShouldBe("new");
        Directory.GetFiles(folder).ShouldBe([Target]);
    }

    [Fact]
    public void A_file_that_could_not_be_synced_keeps_its_old_bytes()
    {
        Disk.WriteAtomically(Target, "old"u8);

        Should.Throw<IOException>(() => Disk.WriteAtomically(Target, "new"u8, _ => throw new IOException("No space left on device.")));

        File.ReadAllText(Target).ShouldBe("old");
        Directory.GetFiles(folder).ShouldBe([Target]);
    }

    [Fact]
    public void A_failed_fsync_is_an_error_with_its_reason()
    {
        // A pipe cannot be synced: the kernel answers EINVAL, where .NET's own flush says nothing.
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream();
        using var end = new Microsoft.Win32.SafeHandles.SafeFileHandle(pipe.SafePipeHandle.DangerousGetHandle(), ownsHandle: false);

        Should.Throw<IOException>(() => Disk.Sync(end)).Message.ShouldContain("errno 22");
    }

    [Fact]
    public void Files_and_folders_that_are_there_sync_and_others_are_named()
    {
        Disk.WriteAtomically(Target, "bytes"u8);
        Disk.Sync(Target);
        Disk.SyncDirectory(folder);

        Should.Throw<FileNotFoundException>(() => Disk.Sync(Target + "2")).Message.ShouldContain("target2");
        Should.Throw<IOException>(() => Disk.SyncDirectory(Target)).Message.ShouldContain("not a folder");
    }

    [Fact]
    public void A_link_is_replaced_and_never_written_through()
    {
        var other = Path.Combine(folder, "other");
        File.WriteAllText(other, "untouched");
        File.CreateSymbolicLink(Target, other);

        Should.Throw<IOException>(() => Disk.Sync(Target)).Message.ShouldContain("symbolic link");
        Disk.WriteAtomically(Target, "new"u8);

        File.ReadAllText(other).ShouldBe("untouched");
        new FileInfo(Target).LinkTarget.ShouldBeNull();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
