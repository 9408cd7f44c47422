namespace EventArchive.Tests.Integration.Cli;

/// <summary>A folder mounted at another place, as a disk is: it can be taken off in use, and put back with what it holds.</summary>
internal sealed class BoundFolder(string source, string target) : IDisposable
{
    private bool mounted;

    /// <exception cref="InvalidOperationException">Mounting is not allowed here.</exception>
    public BoundFolder Mount()
    {
        SmallDisk.Run("mount", "--bind", source, target);
        mounted = true;
        return this;
    }

    public void MakeReadOnly() => SmallDisk.Run("mount", "-o", "remount,bind,ro", target);

    public void MakeWritable() => SmallDisk.Run("mount", "-o", "remount,bind,rw", target);

    /// <summary>At once, though files on it are open: those who have them open keep them, and nobody finds them by their path.</summary>
    public void Unmount()
    {
        SmallDisk.Run("umount", "--lazy", target);
        mounted = false;
    }

    public void Dispose()
    {
        if (mounted)
            Unmount();
    }
}
