using System.Security.Cryptography;
using System.Text;
using EventArchive.Model;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>
/// A folder with one community's archives, each part of which can be spoilt while the parts around it stay consistent: an index is refused for what
/// it says, not for its hash. Written here byte by byte, so that no writer of the product has to write what it refuses.
/// </summary>
internal sealed class BrokenFolder
{
    public const int Piece = 102_400;
    public const ulong From = 1_700_000_000;
    public const ulong To = From + 604_800;

    public static readonly string Community = "0x034f355bdcb7cc0af728ef3cceb9615d90684bb5b2ca5f859ab0f0b704075871aa";
    public static readonly byte[] Topic = [1, 2, 3, 4];

    /// <summary>One archive, raw. Null: <see cref="Messages"/> in the window.</summary>
    public byte[]? Archive { get; init; }

    /// <summary>The bytes of the repeated field 3.</summary>
    public byte[] Messages { get; init; } = Message();

    /// <summary>Entries of the index; null: the one of the archive.</summary>
    public Func<Entry, IEnumerable<byte[]>>? Index { get; init; }

    public Func<byte[], byte[]> IndexBytes { get; init; } = bytes => bytes;

    /// <summary>Keys and values of the info dictionary, in bencode.</summary>
    public Action<SortedDictionary<string, byte[]>> Info { get; init; } = _ => { };

    public Func<byte[], byte[]> Torrent { get; init; } = bytes => bytes;

    /// <summary>What happens to the finished folder.</summary>
    public Action<string> Then { get; init; } = _ => { };

    public string Write(string root)
    {
        var raw = Archive ?? [.. Field(2, Metadata()), .. Messages];
        var size = raw.Length > Piece ? raw.Length + Piece - (raw.Length % Piece) : Piece;
        var good = new Entry(0, (ulong)size, (ulong)(size - raw.Length));
        byte[] data = [.. raw, .. new byte[size - raw.Length]];
        var index = IndexBytes([.. (Index?.Invoke(good) ?? [good.Named()]).SelectMany(entry => Field(1, entry))]);
        var info = new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
        {
            ["files"] = Files(("data", data.Length), ("index", index.Length)),
            ["name"] = Text(Community),
            ["piece length"] = Number(Piece),
            ["pieces"] = Text([.. data.Concat(index).Chunk(Piece).SelectMany(piece => Hash(piece))]),
        };
        Info(info);
        var folder = Path.Combine(root, Community);
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "data"), data);
        File.WriteAllBytes(Path.Combine(folder, "index"), index);
        File.WriteAllBytes(
            Path.Combine(root, $"{Community}.torrent"),
            Torrent([(byte)'d', .. Text("info"), .. Dictionary(info), (byte)'e'])
        );
        Then(folder);
        return root;
    }

    public static byte[] Metadata(ulong from = From, ulong to = To, byte[]? topic = null) =>
        [.. Value(2, from), .. Value(3, to), .. Field(4, topic ?? Topic)];

    /// <summary>One message as a field of an archive.</summary>
    public static byte[] Message(ulong timestamp = From, byte[]? topic = null, byte[]? hash = null) =>
        Field(3, [.. Value(2, timestamp), .. Field(3, topic ?? Topic), .. Field(4, "hello"u8), .. Field(6, hash ?? [9, 9])]);

    public static byte[] Field(int number, ReadOnlySpan<byte> bytes) =>
        [.. Varint(((ulong)number << 3) | 2), .. Varint((ulong)bytes.Length), .. bytes];

    public static byte[] Value(int number, ulong value) => value == 0 ? [] : [.. Varint((ulong)number << 3), .. Varint(value)];

    public static byte[] Files(params (string Path, long Length)[] files) =>
        [
            (byte)'l',
            .. files.SelectMany(file =>
                Dictionary(
                    new(StringComparer.Ordinal) { ["length"] = Number(file.Length), ["path"] = [(byte)'l', .. Text(file.Path), (byte)'e'] }
                )
            ),
            (byte)'e',
        ];

    public static byte[] Text(string text) => Text(Encoding.UTF8.GetBytes(text));

    public static byte[] Text(byte[] bytes) => [.. Encoding.ASCII.GetBytes($"{bytes.Length}:"), .. bytes];

    public static byte[] Number(long number) => Encoding.ASCII.GetBytes($"i{number}e");

    private static byte[] Dictionary(SortedDictionary<string, byte[]> values) =>
        [(byte)'d', .. values.SelectMany(pair => Text(pair.Key).Concat(pair.Value)), (byte)'e'];

#pragma warning disable CA5350 // BitTorrent's hash.
    private static byte[] Hash(byte[] piece) => SHA1.HashData(piece);
#pragma warning restore CA5350

    private static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }

    /// <summary>An entry of the index.</summary>
    public sealed record Entry(ulong Offset, ulong Size, ulong Padding)
    {
        public byte[] Metadata { get; init; } = BrokenFolder.Metadata();

        public byte[] Bytes() => [.. Field(2, Metadata), .. Value(3, Offset), .. Value(4, Size), .. Value(5, Padding)];

        /// <summary>With the id that its bytes have.</summary>
        public byte[] Named() => Named(ArchiveId.OfEntry(Bytes()).ToString());

        public byte[] Named(string id) => [.. Field(1, Encoding.ASCII.GetBytes(id)), .. Field(2, Bytes())];
    }
}
