using EventArchive.Archives;
using EventArchive.Handlers;

namespace EventArchive.Bench.Archives;

/// <summary>A tree before a week was added, and the way back to it without copying its data.</summary>
internal sealed class TreeState
{
    private readonly string root;
    private readonly long dataBytes;
    private readonly Dictionary<string, byte[]> files;

    public TreeState(string root, Cut cut)
    {
        (this.root, dataBytes) = (root, cut.DataBytes);
        files = Small().ToDictionary(path => path, File.ReadAllBytes);
    }

    public void Restore()
    {
        foreach (var path in Small().ToList())
            File.Delete(path);
        // Synced as a cut leaves them: what is still dirty would be written by the next cut's syncs.
        foreach (var (path, bytes) in files)
            Disk.WriteAtomically(path, bytes);
        using (var data = File.OpenWrite(Data))
            data.SetLength(dataBytes);
        Disk.Sync(Data);
    }

    private string Data => Path.Combine(root, $"{Sample.Community}", "data");

    private IEnumerable<string> Small() => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(path => path != Data);
}
