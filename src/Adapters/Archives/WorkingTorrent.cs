using System.Text.RegularExpressions;
using EventArchive.Handlers;
using EventArchive.Model;
using static EventArchive.Archives.BencodeValue;

namespace EventArchive.Archives;

/// <summary>
/// The file <c>ID/torrent.INFOHASH</c>: what this node knows of a torrent that it cut or accepted. A .torrent with two keys of ours behind the
/// usual ones, which BEP 3 tells other readers to pass over.
/// </summary>
/// <param name="DataFile">Name inside the folder ID: <c>data</c>, or <c>data.INFOHASH</c> where histories differ.</param>
/// <param name="Complete">All of <c>data</c> and <c>index</c> is on disk, verified and synced.</param>
internal sealed partial record WorkingTorrent(TorrentFile Torrent, string DataFile, bool Complete)
{
    public const string SharedData = "data";

    private const string CompleteKey = "x-eventarchive-complete";
    private const string DataFileKey = "x-eventarchive-data";

    public static WorkingTorrent Read(ReadOnlyMemory<byte> bytes, CommunityId community)
    {
        var file = TorrentGuard.ReadDictionary(bytes, "The torrent file");
        var torrent = TorrentGuard.ReadFile(file, community);
        var data = file.Values.GetValueOrDefault(DataFileKey) is Text text ? text.AsUtf8() : null;
        if (data is null || !DataFileName().IsMatch(data))
            throw new RejectedTorrentException("The kept torrent does not say which data file is its own.");
        return new(torrent, data, file.Values.GetValueOrDefault(CompleteKey) is Integer { Value: 1 });
    }

    public ReadOnlyMemory<byte> ToBytes()
    {
        var file = new BencodeWriter(Torrent.Info.Length + TorrentFile.HeadBytes).BeginDictionary();
        Torrent.WriteHead(file);
        file.Text("info").Raw(Torrent.Info.Span);
        file.Text(CompleteKey).Integer(Complete ? 1 : 0);
        return file.Text(DataFileKey).Text(DataFile).End().ToMemory();
    }

    [GeneratedRegex(@"\Adata(\.[0-9a-f]{40})?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DataFileName();
}
