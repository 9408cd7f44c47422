using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Bench.BitTorrent;

/// <summary>Archive torrents of random bytes, laid out so that our engine and foreign programs find the same files.</summary>
internal static class SampleTorrent
{
    public const int PieceBytes = 102_400;

    /// <summary>The longest archive of a week.</summary>
    public const long ArchiveBytes = 293 * PieceBytes;
    private const int IndexBytes = 20_000;

    /// <summary>The number of a torrent chooses its community and its bytes.</summary>
    public static TorrentContent Make(string root, int number, int pieces)
    {
        var community = CommunityId.Parse($"0x02{number:x64}");
        var folder = Directory.CreateDirectory(Path.Combine(root, community.ToString())).FullName;
        var random = new Random(number);
        var (piece, hashes) = (new byte[PieceBytes], new MemoryStream());
        using (var data = File.Create(Path.Combine(folder, "data")))
            for (var at = 0; at < pieces; at++)
            {
                random.NextBytes(piece);
                data.Write(piece);
                hashes.Write(Sha1(piece));
            }
        var index = new byte[IndexBytes];
        random.NextBytes(index);
        hashes.Write(Sha1(index));
        var info = Info(community, (long)pieces * PieceBytes, hashes.ToArray());
        var infoHash = InfoHash.FromBytes(Sha1(info));
        File.WriteAllBytes(Path.Combine(folder, "index"), index);
        File.WriteAllBytes(Path.Combine(folder, $"index.{infoHash}"), index);
        byte[] file = [.. "d4:info"u8, .. info, (byte)'e'];
        File.WriteAllBytes(Path.Combine(root, $"{community}.{infoHash}.torrent"), file);
        return At(root, community, infoHash, file);
    }

    /// <summary>The history taken as a row of archives of full length.</summary>
    public static IEnumerable<ArchiveEntry> Archives(long dataBytes)
    {
        for (long offset = 0, size; offset < dataBytes; offset += size)
        {
            size = Math.Min(ArchiveBytes, dataBytes - offset);
            var id = ArchiveId.Parse($"0x{offset:x64}");
            yield return new ArchiveEntry(id, (ulong)offset, (ulong)(offset + size), offset, size, Padding: 0);
        }
    }

    /// <summary>Every torrent below a folder that <see cref="Make"/> filled.</summary>
    public static IEnumerable<TorrentContent> List(string root) =>
        from path in Directory.EnumerateFiles(root, "*.torrent").Order(StringComparer.Ordinal)
        let name = Path.GetFileName(path).Split('.')
        select At(root, CommunityId.Parse(name[0]), InfoHash.Parse(name[1]), File.ReadAllBytes(path));

    /// <summary>The torrent that a magnet gave, to be fetched below another folder.</summary>
    public static TorrentContent Of(string root, Magnetlink magnet, byte[] info) =>
        At(root, CommunityId.Parse(magnet.Name!), magnet.InfoHash, [.. "d4:info"u8, .. info, (byte)'e']);

    public static string FileOf(TorrentContent torrent) => Path.Combine(torrent.Root, $"{torrent.CommunityId}.{torrent.InfoHash}.torrent");

    /// <summary>Makes our engine hash the files at its next start, as if they were new to it.</summary>
    public static void ForgetSeeding(TorrentContent torrent) =>
        File.Delete(Path.Combine(torrent.Root, torrent.CommunityId.ToString(), ".seeded"));

    private static TorrentContent At(string root, CommunityId community, InfoHash infoHash, byte[] file) =>
        new(community, infoHash, Magnetlink.Of(infoHash, community, []), file, root, $"{community}/data", $"{community}/index.{infoHash}");

    private static byte[] Info(CommunityId community, long dataBytes, byte[] hashes) =>
        [
            .. Encoding.ASCII.GetBytes(
                $"d5:filesld6:lengthi{dataBytes}e4:pathl4:dataeed6:lengthi{IndexBytes}e4:pathl5:indexeee4:name68:{community}"
                    + $"12:piece lengthi{PieceBytes}e6:pieces{hashes.Length}:"
            ),
            .. hashes,
            (byte)'e',
        ];

    [SuppressMessage("Security", "CA5350", Justification = "BEP 3 says SHA-1.")]
    private static byte[] Sha1(ReadOnlySpan<byte> bytes) => SHA1.HashData(bytes);
}
