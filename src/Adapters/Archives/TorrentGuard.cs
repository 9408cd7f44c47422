using EventArchive.Handlers;
using EventArchive.Model;
using static EventArchive.Archives.BencodeValue;

namespace EventArchive.Archives;

/// <summary>
/// What stands between a stranger's torrent and the engine. An archive torrent has exactly two files and four keys, so nothing else passes:
/// no other path, no attributes or links (BEP 47), no second version (BEP 52), no web seeds.
/// </summary>
internal static class TorrentGuard
{
    public const int MaxTrackers = Magnetlink.MaxTrackers;

    /// <summary>All trackers together: percent-encoded they still fit into a magnet.</summary>
    public const int MaxTrackerBytes = 1024;
    public const int MaxCreatedByCharacters = 1024;

    private static readonly string[] RefusedKeys = ["piece layers", "url-list", "httpseeds"];

    public static TorrentFile ReadFile(ReadOnlyMemory<byte> bytes, CommunityId? community) =>
        ReadFile(ReadDictionary(bytes, "The torrent file"), community);

    internal static TorrentFile ReadFile(Dictionary file, CommunityId? community)
    {
        if (RefusedKeys.FirstOrDefault(file.Values.ContainsKey) is { } refused)
            throw new RejectedTorrentException($"The torrent file has the key '{refused}', which no archive torrent has.");
        return Check(Want<Dictionary>(file, "info", "The torrent file"), community) with
        {
            Trackers = ReadTrackers(file),
            CreatedBy = file.Values.GetValueOrDefault("created by") is Text { Bytes.Length: <= MaxCreatedByCharacters } by
                ? by.AsUtf8()
                : null,
            CreationDate = file.Values.GetValueOrDefault("creation date") is Integer date ? date.Value : null,
        };
    }

    public static TorrentFile ReadInfo(ReadOnlyMemory<byte> bytes, CommunityId? community) =>
        Check(ReadDictionary(bytes, "The info dictionary"), community);

    internal static Dictionary ReadDictionary(ReadOnlyMemory<byte> bytes, string what)
    {
        try
        {
            return Bencode.Read(bytes) as Dictionary ?? throw new RejectedTorrentException($"{what} is not a bencoded dictionary.");
        }
        catch (BencodeException fault)
        {
            throw new RejectedTorrentException($"{what} is not bencoded: {fault.Message}", fault);
        }
    }

    private static TorrentFile Check(Dictionary info, CommunityId? community)
    {
        HasOnly(info, "The info dictionary", "files", "name", "piece length", "pieces");
        var name = Want<Text>(info, "name", "The info dictionary").AsUtf8();
        if (!CommunityId.TryParse(name, null, out var named) || named.ToString() != name)
            throw new RejectedTorrentException("The name of an archive torrent is a community id: 0x and 66 lower-case digits.");
        if (community is not null && named != community)
            throw new RejectedTorrentException($"The torrent is named {named}, and the community is {community}.");
        var pieceBytes = Want<Integer>(info, "piece length", "The info dictionary").Value;
        if (pieceBytes != ArchiveFormat.PieceBytes)
            throw new RejectedTorrentException($"The piece length of an archive torrent is {ArchiveFormat.PieceBytes}, not {pieceBytes}.");
        var (dataBytes, indexBytes) = ReadFiles(Want<Items>(info, "files", "The info dictionary"));
        var pieces = Want<Text>(info, "pieces", "The info dictionary").Bytes;
        var expected = ArchiveFormat.Pieces(dataBytes) + ArchiveFormat.Pieces(indexBytes);
        if (expected > ArchiveFormat.MaxPieces)
            throw new RejectedTorrentException($"The torrent has {expected} pieces; at most {ArchiveFormat.MaxPieces} are read.");
        if (pieces.Length != expected * ArchiveFormat.PieceHashBytes)
            throw new RejectedTorrentException($"The files need {expected} piece hashes of 20 bytes, and there are {pieces.Length} bytes.");
        return new TorrentFile(named, info.Raw, dataBytes, indexBytes, pieces);
    }

    private static (long DataBytes, long IndexBytes) ReadFiles(Items files)
    {
        if (files.Values.Count != 2)
            throw new RejectedTorrentException($"An archive torrent has the two files data and index, not {files.Values.Count} files.");
        var data = ReadLength(files.Values[0], "data");
        var index = ReadLength(files.Values[1], "index");
        const long most = (long)ArchiveFormat.MaxPieces * ArchiveFormat.PieceBytes;
        if (data is <= 0 or > most || data % ArchiveFormat.PieceBytes != 0)
            throw new RejectedTorrentException($"The length of data is a multiple of {ArchiveFormat.PieceBytes} up to {most}, not {data}.");
        if (index is <= 0 or > ArchiveFormat.MaxIndexBytes)
            throw new RejectedTorrentException($"The length of index is 1 to {ArchiveFormat.MaxIndexBytes}, not {index}.");
        return (data, index);
    }

    private static long ReadLength(BencodeValue value, string name)
    {
        var file = value as Dictionary ?? throw new RejectedTorrentException("An entry of files is not a dictionary.");
        HasOnly(file, $"The entry of {name}", "length", "path");
        var path = Want<Items>(file, "path", $"The entry of {name}").Values;
        if (path is not [Text part] || part.AsUtf8() != name)
            throw new RejectedTorrentException("The files of an archive torrent are data and index, in this order, and no other path.");
        return Want<Integer>(file, "length", $"The entry of {name}").Value;
    }

    private static List<string> ReadTrackers(Dictionary file)
    {
        List<string> trackers = [];
        var bytes = 0;
        var tiers = file.Values.GetValueOrDefault("announce-list") is Items list ? list.Values : [];
        foreach (var tracker in tiers.SelectMany(tier => tier is Items urls ? urls.Values : [tier]))
        {
            if (tracker is not Text { Bytes.Length: > 0 } url || url.AsUtf8() is not { } text)
                throw new RejectedTorrentException("A tracker of the torrent file is not a text.");
            bytes += url.Bytes.Length;
            if (bytes > MaxTrackerBytes || trackers.Count == MaxTrackers)
                throw new RejectedTorrentException($"A torrent has at most {MaxTrackers} trackers, {MaxTrackerBytes} bytes in all.");
            trackers.Add(text);
        }
        return trackers;
    }

    private static void HasOnly(Dictionary dictionary, string what, params string[] keys)
    {
        if (dictionary.Values.Keys.FirstOrDefault(key => !keys.Contains(key)) is { } other)
            throw new RejectedTorrentException($"{what} has the key '{Printable(other)}', which no archive torrent has.");
    }

    private static T Want<T>(Dictionary dictionary, string key, string what)
        where T : BencodeValue =>
        dictionary.Values.GetValueOrDefault(key) as T
        ?? throw new RejectedTorrentException($"{what} has no '{key}', or of another type than it must be.");

    /// <summary>A stranger's key may be long and hold anything; logs get its start, and no control characters.</summary>
    private static string Printable(string key) =>
        string.Concat(key.Take(40).Select(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '.' ? c : '?'));
}
