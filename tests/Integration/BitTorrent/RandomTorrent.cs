using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>Archive torrents of random bytes. The same seed gives the same data, so that a longer one continues a shorter one.</summary>
public static class RandomTorrent
{
    public const int PieceBytes = 102_400;

    public static readonly CommunityId Community = CommunityId.Parse("0x02" + string.Concat(Enumerable.Repeat("ab", 32)));

    /// <summary>Writes the two files below <paramref name="root"/> and returns what describes them.</summary>
    public static TorrentContent Make(string root, int pieces, int indexBytes = 5_000, params string[] trackers)
    {
        var data = new byte[pieces * PieceBytes];
        // One generator for each piece: a longer torrent begins with the same bytes.
        for (var piece = 0; piece < pieces; piece++)
            new Random(piece).NextBytes(data.AsSpan(piece * PieceBytes, PieceBytes));
        var index = new byte[indexBytes];
        new Random(-pieces).NextBytes(index);
        var torrent = Describe(root, data, index, trackers);
        Directory.CreateDirectory(Path.Combine(root, Community.ToString()));
        File.WriteAllBytes(Path.Combine(root, torrent.DataFile), data);
        File.WriteAllBytes(Path.Combine(root, torrent.IndexFile), index);
        return torrent;
    }

    /// <summary>The same torrent for another node, which holds nothing of it yet.</summary>
    public static TorrentContent At(this TorrentContent torrent, string root) => torrent with { Root = root };

    public static byte[] Data(this TorrentContent torrent) => File.ReadAllBytes(Path.Combine(torrent.Root, torrent.DataFile));

    public static byte[] Index(this TorrentContent torrent) => File.ReadAllBytes(Path.Combine(torrent.Root, torrent.IndexFile));

    public static Magnetlink Magnet(this TorrentContent torrent, params IEnumerable<PeerAddress> peers) =>
        Magnetlink.Of(torrent.InfoHash, Community, []).WithPeers(peers);

    public static byte[] TorrentFile(byte[] info, params string[] trackers) =>
        [.. Bytes("d" + (trackers.Length == 0 ? "" : Text("announce") + Text(trackers[0])) + Text("info")), .. info, (byte)'e'];

    public static byte[] Info(long dataBytes, long indexBytes, byte[] hashes, string second = "index") =>
        [
            .. Bytes(
                $"d5:filesld6:lengthi{dataBytes}e4:pathl4:dataeed6:lengthi{indexBytes}e4:pathl{Text(second)}eee"
                    + $"4:name{Text(Community.ToString())}12:piece lengthi{PieceBytes}e6:pieces{hashes.Length}:"
            ),
            .. hashes,
            (byte)'e',
        ];

    private static TorrentContent Describe(string root, byte[] data, byte[] index, string[] trackers)
    {
        var hashes = data.Concat(index).Chunk(PieceBytes).SelectMany(piece => Sha1(piece)).ToArray();
        var info = Info(data.Length, index.Length, hashes);
        var infoHash = InfoHash.FromBytes(Sha1(info));
        return new TorrentContent(
            Community,
            infoHash,
            Magnetlink.Of(infoHash, Community, trackers),
            TorrentFile(info, trackers),
            root,
            $"{Community}/data",
            $"{Community}/index.{infoHash}"
        );
    }

    [SuppressMessage("Security", "CA5350", Justification = "BEP 3 says SHA-1.")]
    public static byte[] Sha1(ReadOnlySpan<byte> bytes) => SHA1.HashData(bytes);

    private static string Text(string text) => $"{text.Length}:{text}";

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
