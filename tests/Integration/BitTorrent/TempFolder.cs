namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>A folder of one test; gone with it.</summary>
public sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eventarchive-torrent-");

    public string Path => folder.FullName;

    public string Sub(string name) => folder.CreateSubdirectory(name).FullName;

    public void Dispose() => folder.Delete(recursive: true);
}
