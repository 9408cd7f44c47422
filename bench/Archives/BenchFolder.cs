namespace EventArchive.Bench.Archives;

/// <summary>Where the archives of a run lie; TMPDIR chooses the disk.</summary>
internal sealed class BenchFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventarchive-bench-");
    private int count;

    public string Next() => folder.CreateSubdirectory($"{++count}").FullName;

    public void Dispose() => folder.Delete(recursive: true);
}
