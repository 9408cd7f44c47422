using System.Text;
using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

/// <summary>Nothing but an archive torrent of the community comes to the engine.</summary>
public sealed class HostileTorrentTests
{
    private const long Piece = ArchiveFormat.PieceBytes;
    private static readonly string Name = TemporaryTree.Community.ToString();

    private static readonly (string Path, long Length)[] Good = [("data", Piece), ("index", 100)];

    [Fact]
    public void The_sample_that_the_cases_are_made_from_is_accepted() =>
        TorrentFile.OfInfo(Info(), TemporaryTree.Community, []).DataBytes.ShouldBe(Piece);

    public static TheoryData<string, byte[]> Refused() =>
        new()
        {
            { "another name", Info(name: "0x02" + new string('a', 64)) },
            { "a name that leaves the folder", Info(name: "..") },
            { "an absolute name", Info(name: "/etc") },
            { "a name with NUL", Info(name: Name + "\0") },
            {
                "a name in capitals, a twin on some disks",
                Info(name: Name.ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal))
            },
            { "a name of 300 bytes", Info(name: new string('a', 300)) },
            { "piece length 0", Info(pieceBytes: 0) },
            { "negative piece length", Info(pieceBytes: -1) },
            { "another piece length", Info(pieceBytes: 16_384) },
            { "largest piece length", Info(pieceBytes: long.MaxValue) },
            { "three files", Info([.. Good, ("more", 1)]) },
            { "one file", Info([Good[0]]) },
            { "no file", Info([]) },
            { "a thousand files", Info([.. Enumerable.Repeat(("data", Piece), 1000)]) },
            { "the other order", Info([Good[1], Good[0]]) },
            { "parent folder", Info([("..", Piece), Good[1]]) },
            { "absolute path", Info([("/data", Piece), Good[1]]) },
            { "drive", Info([("C:", Piece), Good[1]]) },
            { "NUL in a path", Info([("data\0", Piece), Good[1]]) },
            { "path with a slash", Info([("a/../data", Piece), Good[1]]) },
            { "case twin", Info([("DATA", Piece), Good[1]]) },
            { "the same file twice", Info([Good[0], ("data", 100)]) },
            { "negative data", Info([("data", -Piece), Good[1]]) },
            { "empty data", Info([("data", 0), Good[1]], pieces: 1) },
            { "data that is no multiple", Info([("data", Piece + 1), Good[1]]) },
            { "data past every limit", Info([("data", Piece << 40), Good[1]], pieces: 2) },
            { "data and index past the piece limit", Info([("data", ArchiveFormat.MaxPieces * Piece), Good[1]], pieces: 2) },
            { "empty index", Info([Good[0], ("index", 0)], pieces: 1) },
            { "index past the limit", Info([Good[0], ("index", ArchiveFormat.MaxIndexBytes + 1)], pieces: 165) },
            { "largest index", Info([Good[0], ("index", long.MaxValue)], pieces: 2) },
            { "a piece too few", Info(pieces: 1) },
            { "a piece too many", Info(pieces: 3) },
            { "hashes that are no multiple of 20", Info(extraHashBytes: 1) },
            { "2^31 pieces claimed", Info([("data", (1L << 31) * Piece), Good[1]], pieces: 2) },
            { "version 2", Info(before: ("file tree", "de")) },
            { "meta version", Info(before: ("meta version", "i2e")) },
            { "private flag", Info(after: ("private", "i1e")) },
            { "symlink in a file", Info(fileExtra: ("symlink path", "l3:etc6:passwde")) },
            { "attributes in a file", Info(fileExtra: ("attr", "1:l")) },
            { "utf-8 path besides the path", Info(fileExtra: ("path.utf-8", "l2:..e")) },
            { "a depth bomb", Encoding.Latin1.GetBytes(new string('l', 60_004)) },
            { "no dictionary", "le"u8.ToArray() },
            { "nothing", [] },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_info_dictionary_that_no_archive_torrent_has_is_refused(string what, byte[] info)
    {
        var fault = Should.Throw<RejectedTorrentException>(() => TorrentFile.OfInfo(info, TemporaryTree.Community, []), what);

        fault.Message.Length.ShouldBeInRange(20, 300);
        fault.Message.ShouldNotContain("\0");
    }

    [Theory]
    [InlineData("de")]
    [InlineData("d4:infoi1ee")]
    [InlineData("d4:infodee")]
    [InlineData("d13:announce-listll20000:eee")]
    public void A_torrent_file_without_a_whole_info_dictionary_is_refused(string file) =>
        Should.Throw<RejectedTorrentException>(() => TorrentFile.Read(Encoding.Latin1.GetBytes(file)));

    [Theory]
    [InlineData("httpseeds", "l15:http://10.0.0.1e")]
    [InlineData("piece layers", "de")]
    [InlineData("url-list", "16:http://127.0.0.1")]
    public void Web_seeds_and_piece_layers_are_refused(string key, string value)
    {
        var file = new BencodeWriter().BeginDictionary();
        // Keys are sorted: one comes before info, the others behind.
        if (string.CompareOrdinal(key, "info") < 0)
            file.Text(key).Raw(Encoding.ASCII.GetBytes(value)).Text("info").Raw(Info());
        else
            file.Text("info").Raw(Info()).Text(key).Raw(Encoding.ASCII.GetBytes(value));

        Should.Throw<RejectedTorrentException>(() => TorrentFile.Read(file.End().ToArray())).Message.ShouldContain(key);
    }

    [Fact]
    public void More_trackers_than_fit_into_a_magnet_are_refused()
    {
        var file = new BencodeWriter().BeginDictionary().Text("announce-list").BeginList();
        for (var i = 0; i < 1000; i++)
            file.BeginList().Text($"udp://tracker{i}.example:1/announce").End();

        Should.Throw<RejectedTorrentException>(() => TorrentFile.Read(file.End().Text("info").Raw(Info()).End().ToArray()));
    }

    [Fact]
    public void A_wrapped_info_dictionary_keeps_its_bytes()
    {
        var info = Vector.Read("archive-10").Info;

        var torrent = TorrentFile.OfInfo(info, TemporaryTree.Community, ["udp://tracker.example:1/announce"]);

        torrent.Info.ToArray().ShouldBe(info);
        var read = TorrentFile.Read(torrent.ToBytes(), TemporaryTree.Community);
        read.InfoHash.ToString().ShouldBe(Vector.Read("archive-10").Text("infoHash"));
        read.Trackers.ShouldBe(["udp://tracker.example:1/announce"]);
    }

    [Fact]
    public void A_flipped_byte_is_refused_or_is_outside_the_info_or_makes_another_torrent()
    {
        var file = Vector.Read("archive-1").TorrentFile;
        var original = TorrentFile.Read(file);
        for (var at = 0; at < file.Length; at++)
        {
            var flipped = (byte[])file.Clone();
            flipped[at] ^= 0x15;
            try
            {
                var read = TorrentFile.Read(flipped);
                read.DataPieces.Length.ShouldBe(original.DataPieces.Length);
                var changed = !read.Info.Span.SequenceEqual(original.Info.Span);
                (read.InfoHash != original.InfoHash).ShouldBe(changed);
            }
            catch (RejectedTorrentException) { }
        }
    }

    private static byte[] Info(
        (string Path, long Length)[]? files = null,
        string? name = null,
        long pieceBytes = Piece,
        int? pieces = null,
        int extraHashBytes = 0,
        (string Key, string Value)? before = null,
        (string Key, string Value)? after = null,
        (string Key, string Value)? fileExtra = null
    )
    {
        var info = new BencodeWriter().BeginDictionary();
        if (before is { Key: "file tree" })
            Pair(info, before);
        info.Text("files").BeginList();
        foreach (var (path, length) in files ?? Good)
        {
            info.BeginDictionary();
            if (fileExtra is { Key: "attr" })
                Pair(info, fileExtra);
            info.Text("length").Integer(length).Text("path").BeginList().Text(path).End();
            if (fileExtra is { Key: not "attr" })
                Pair(info, fileExtra);
            info.End();
        }
        info.End();
        if (before is { Key: "meta version" })
            Pair(info, before);
        info.Text("name").Text(name ?? Name).Text("piece length").Integer(pieceBytes);
        info.Text("pieces").Bytes(new byte[((pieces ?? 2) * 20) + extraHashBytes]);
        Pair(info, after);
        return info.End().ToArray();
    }

    private static void Pair(BencodeWriter writer, (string Key, string Value)? pair)
    {
        if (pair is { } one)
            writer.Text(one.Key).Raw(Encoding.ASCII.GetBytes(one.Value));
    }
}
