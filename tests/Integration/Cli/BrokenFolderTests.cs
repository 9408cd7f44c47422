using System.Text;
using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Integration.Cli.BrokenFolder;

namespace EventArchive.Tests.Integration.Cli;

/// <summary><c>archive inspect</c> on folders that are broken in one way each: the fault is named, in one line, and nothing is changed.</summary>
public sealed class BrokenFolderTests : IDisposable
{
    private const int MiB = 1024 * 1024;

    private static readonly Dictionary<string, (BrokenFolder Folder, string[] Told)> Broken = new()
    {
        ["an empty torrent"] = (new() { Torrent = _ => [] }, ["not bencoded", "ends inside a value"]),
        ["a torrent that is a text"] = (new() { Torrent = _ => "hello"u8.ToArray() }, ["not bencoded", "begins with"]),
        ["a torrent that ends early"] = (new() { Torrent = bytes => bytes[..^2] }, ["not bencoded", "ends inside a value"]),
        ["a torrent of nothing but lists"] = (
            new() { Torrent = _ => Encoding.ASCII.GetBytes(new string('l', 60_004)) },
            ["nested deeper than 32"]
        ),
        ["a torrent of 49 megabytes"] = (new() { Torrent = bytes => [.. bytes, .. new byte[49 * MiB]] }, [".torrent", "bytes"]),
        ["a torrent with a text of a billion bytes"] = (new() { Torrent = _ => "d4:info1000000000:x"u8.ToArray() }, ["1000000000 bytes"]),
        ["a torrent with web seeds"] = (
            new() { Torrent = bytes => [.. bytes[..^1], .. Text("url-list"), .. Text("http://10.0.0.1/"), (byte)'e'] },
            ["url-list"]
        ),
        ["a torrent of another community"] = (
            new() { Info = info => info["name"] = Text("0x02" + new string('a', 64)) },
            ["is named 0x02aaaa"]
        ),
        ["a torrent named after the folder above"] = (new() { Info = info => info["name"] = Text("..") }, ["is a community id"]),
        ["pieces of another length"] = (new() { Info = info => info["piece length"] = Number(16_384) }, ["102400, not 16384"]),
        ["pieces of length 0"] = (new() { Info = info => info["piece length"] = Number(0) }, ["102400, not 0"]),
        ["a hash too few"] = (new() { Info = info => info["pieces"] = Text(new byte[20]) }, ["need 2 piece hashes"]),
        ["a third file"] = (new() { Info = info => info["files"] = Files(("data", Piece), ("index", 9), ("more", 1)) }, ["not 3 files"]),
        ["a file outside the folder"] = (
            new() { Info = info => info["files"] = Files(("../data", Piece), ("index", 9)) },
            ["no other path"]
        ),
        ["data of 2^62 bytes"] = (
            new() { Info = info => info["files"] = Files(("data", 1L << 62), ("index", 9)) },
            ["length of data", "4611686018427387904"]
        ),
        ["data of negative length"] = (
            new() { Info = info => info["files"] = Files(("data", -Piece), ("index", 9)) },
            ["length of data", "-102400"]
        ),
        ["a torrent of version 2"] = (new() { Info = info => info["meta version"] = Number(2) }, ["meta version"]),
        ["no data"] = (new() { Then = folder => File.Delete(Path.Combine(folder, "data")) }, ["data is missing"]),
        ["data that ends early"] = (
            new() { Then = folder => Truncate(folder, "data", Piece - 1) },
            ["data ends inside archive", "restore it"]
        ),
        ["a changed byte in data"] = (new() { Then = folder => Flip(folder, "data", 40) }, ["data does not hold the torrent's bytes at 0"]),
        ["data that is a link"] = (new() { Then = folder => Link(folder, "data") }, ["data", "link"]),
        ["a folder that is a link"] = (new() { Then = LinkFolder }, ["symbolic link"]),
        ["no index"] = (new() { Then = folder => File.Delete(Path.Combine(folder, "index")) }, ["index.", "is missing"]),
        ["an index that ends early"] = (new() { Then = folder => Truncate(folder, "index", 10) }, ["index.", "not those of the torrent"]),
        ["a changed byte in the index"] = (new() { Then = folder => Flip(folder, "index", 10) }, ["index.", "not those of the torrent"]),
        ["an index of 17 megabytes"] = (new() { IndexBytes = bytes => [.. bytes, .. new byte[17 * MiB]] }, ["length of index"]),
        ["an index without archives"] = (new() { IndexBytes = _ => [0x78, 1] }, ["holds no archive"]),
        ["an index that is no protobuf"] = (new() { IndexBytes = _ => "hello, world"u8.ToArray() }, ["index is not protobuf"]),
        ["an index that is encrypted"] = (
            new() { IndexBytes = bytes => [.. Field(2, "f"u8), .. Field(101, bytes)] },
            ["perhaps it is encrypted", "--keys"]
        ),
        ["an archive beyond the end of data"] = (
            new() { Index = good => [(good with { Offset = Piece }).Named()] },
            ["Entry 1", "past the end of data"]
        ),
        ["an archive whose end wraps around"] = (
            new() { Index = good => [(good with { Offset = Piece, Size = ulong.MaxValue - (ulong.MaxValue % Piece) }).Named()] },
            ["Entry 1", "past the end of data"]
        ),
        ["an archive of 2^63 bytes"] = (
            new() { Index = good => [(good with { Size = 1UL << 63 }).Named()] },
            ["Entry 1", "no multiple of 102400"]
        ),
        ["more padding than archive"] = (
            new() { Index = good => [(good with { Padding = good.Size }).Named()] },
            ["Entry 1", "padding is not less than its size"]
        ),
        ["two archives in one place"] = (
            new() { Index = good => [good.Named(), (good with { Metadata = Metadata(to: To + 1) }).Named()] },
            ["overlap in data"]
        ),
        ["the same archive twice"] = (new() { Index = good => [good.Named(), good.Named()] }, ["twice"]),
        ["an id that is not its hash"] = (
            new() { Index = good => [good.Named("0x" + new string('0', 64))] },
            ["Entry 1", "not the Keccak-256"]
        ),
        ["a window that ends before it begins"] = (
            new() { Index = good => [(good with { Metadata = Metadata(To, From) }).Named()] },
            ["ends before it begins"]
        ),
        ["an archive that is another's"] = (
            new() { Index = good => [(good with { Metadata = Metadata(to: To + 1) }).Named()] },
            ["not that of its index entry"]
        ),
        ["an archive of zeros"] = (new() { Archive = new byte[1000] }, ["not protobuf", "number 0"]),
        ["an archive that ends early"] = (new() { Archive = [.. Field(2, Metadata()), .. Message()[..^1]] }, ["not protobuf", "are there"]),
        ["a message after the window"] = (new() { Messages = Message(To) }, ["Message 1 of archive", "window"]),
        ["a message of another community"] = (new() { Messages = Message(topic: [5, 6, 7, 8]) }, ["Message 1 of archive", "topic"]),
        ["a message without a hash"] = (new() { Messages = Message(hash: []) }, ["Message 1 of archive", "hash"]),
        ["a text that is no UTF-8"] = (
            new() { Messages = Field(3, [.. Value(2, From), .. Field(3, Topic), .. Field(6, [9]), .. Field(7, [0xFF, 0xFE])]) },
            ["not protobuf", "UTF-8"]
        ),
        ["groups as deep as the stack"] = (
            new() { Messages = Field(3, [.. Enumerable.Repeat((byte)0x7B, 1_000_000)]) },
            ["not protobuf", "nesting"]
        ),
        ["more messages than an archive may have"] = (
            new() { Messages = [.. Enumerable.Repeat(Message(), 1_000_001).SelectMany(message => message)] },
            ["more than 1000000 messages"]
        ),
    };

    private readonly TempFolder folder = new();

    public static TheoryData<string> Names => [.. Broken.Keys];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_folder_that_the_broken_ones_are_made_from_is_whole() =>
        (await Verb.Run("archive", "inspect", new BrokenFolder().Write(folder.Path), "--json"))
            .ShouldSucceed()
            .Json[0]
            .GetProperty("archives")[0]
            .GetProperty("messages")
            .GetInt32()
            .ShouldBe(1);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_broken_folder_is_refused_by_the_name_of_its_fault(string what)
    {
        var (broken, told) = Broken[what];
        var root = broken.Write(folder.Path);
        var before = Snapshot(root);

        var inspected = await Verb.Run("archive", "inspect", root);

        inspected.ShouldFail(1, told);
        inspected.Error.Length.ShouldBeLessThan(600, "a fault is told, not the bytes that have it");
        // The index gets a second name below which the engine finds it; whatever was there stays as it was.
        before.ShouldBeSubsetOf(Snapshot(root));
    }

    [Fact]
    public void There_are_more_than_thirty_of_them_and_each_is_told_in_its_own_words()
    {
        Broken.Count.ShouldBeGreaterThanOrEqualTo(30);
        Broken.Values.ShouldAllBe(one => one.Told.Length > 0);
    }

    private static IReadOnlyList<string> Snapshot(string root) => VectorFile.Snapshot(root);

    private static void Truncate(string folder, string name, long length)
    {
        using var file = File.Open(Path.Combine(folder, name), FileMode.Open);
        file.SetLength(length);
    }

    private static void Flip(string folder, string name, int at)
    {
        var path = Path.Combine(folder, name);
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static void Link(string folder, string name)
    {
        var elsewhere = Path.Combine(folder, "elsewhere");
        File.Move(Path.Combine(folder, name), elsewhere);
        File.CreateSymbolicLink(Path.Combine(folder, name), elsewhere);
    }

    private static void LinkFolder(string folder)
    {
        var elsewhere = folder + "-elsewhere";
        Directory.Move(folder, elsewhere);
        Directory.CreateSymbolicLink(folder, elsewhere);
    }
}
