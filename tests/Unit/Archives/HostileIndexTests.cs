using EventArchive.Archives;
using EventArchive.Archives.Wire;
using EventArchive.Handlers;
using Google.Protobuf;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

public sealed class HostileIndexTests
{
    private const ulong Piece = ArchiveFormat.PieceBytes;
    private const long DataBytes = 4 * ArchiveFormat.PieceBytes;

    [Fact]
    public void The_sample_that_the_cases_are_made_from_is_read_by_offset() =>
        ArchiveIndex
            .Read(Index(Entry(offset: Piece), Entry(offset: 0)), DataBytes)
            .Select(entry => entry.Value.Offset)
            .ShouldBe([0UL, Piece]);

    public static TheoryData<string, byte[]> Refused() =>
        new()
        {
            { "no entry", [] },
            { "past the end", Index(Entry(offset: DataBytes)) },
            { "half past the end", Index(Entry(offset: DataBytes - Piece, size: 2 * Piece)) },
            { "a sum that wraps around", Index(Entry(offset: Piece, size: ulong.MaxValue - (ulong.MaxValue % Piece))) },
            { "size 2^63", Index(Entry(size: 1UL << 63)) },
            { "offset 2^64 - 1", Index(Entry(offset: ulong.MaxValue)) },
            { "size 0", Index(Entry(size: 0)) },
            { "size that is no multiple", Index(Entry(size: Piece + 1)) },
            { "offset inside a piece", Index(Entry(offset: 1)) },
            { "padding as large as the slot", Index(Entry(padding: Piece)) },
            { "padding larger than the slot", Index(Entry(padding: Piece + 1)) },
            { "padding 2^64 - 1", Index(Entry(padding: ulong.MaxValue)) },
            { "a window that ends before it begins", Index(Entry(from: 20, to: 10)) },
            { "a topic of three bytes", Index(Entry(topicBytes: 3)) },
            { "the same slot twice under two ids", Index(Entry(), Entry(to: 30)) },
            { "overlapping slots", Index(Entry(size: 2 * Piece), Entry(offset: Piece)) },
            { "a repeated key", Index(Entry(), Entry()) },
            { "an id of another entry", Index(new WakuMessageArchiveIndexEntry { Key = Entry(to: 30).Key, Value = Entry().Value }) },
            {
                "an id in capitals",
                Index(new WakuMessageArchiveIndexEntry { Key = Entry().Key.ToUpperInvariant(), Value = Entry().Value })
            },
            { "no id", Index(new WakuMessageArchiveIndexEntry { Value = Entry().Value }) },
            { "no value", Index(new WakuMessageArchiveIndexEntry { Key = Entry().Key }) },
            { "no metadata", Index(ArchiveIndex.Name(new WakuMessageArchiveIndexMetadata { Size = Piece })) },
            { "cut short", Index(Entry())[..^1] },
            { "a length past the end", [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1] },
            { "an endless number", [0x0A, .. Enumerable.Repeat((byte)0xFF, 12)] },
            { "a group", [0x0B, 0x0C] },
            { "field number 0", [0x02, 0x00] },
            { "empty entries", [.. Enumerable.Repeat<byte[]>([0x0A, 0x00], 1000).SelectMany(entry => entry)] },
            { "too many bytes", new byte[ArchiveFormat.MaxIndexBytes + 1] },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_index_that_breaks_a_rule_is_refused(string what, byte[] index) =>
        Should.Throw<RejectedTorrentException>(() => ArchiveIndex.Read(index, DataBytes), what);

    [Fact]
    public void More_archives_than_the_limit_are_refused()
    {
        var index = Index(Entry(offset: 0), Entry(offset: Piece), Entry(offset: 2 * Piece));

        ArchiveIndex.Read(index, DataBytes, maxArchives: 3).Count.ShouldBe(3);
        Should
            .Throw<RejectedTorrentException>(() => ArchiveIndex.Read(index, DataBytes, maxArchives: 2))
            .Message.ShouldContain("more than 2");
    }

    [Fact]
    public void A_field_that_is_not_known_yet_is_passed_over_and_counts_for_the_id()
    {
        var value = Entry().Value.ToByteArray();
        var newer = WakuMessageArchiveIndexMetadata.Parser.ParseFrom([.. value, 0x78, 0x01]);

        byte[] index = [.. Index(ArchiveIndex.Name(newer)), 0x78, 0x01];

        var read = ArchiveIndex.Read(index, DataBytes);

        read.ShouldHaveSingleItem().Value.ToByteArray().ShouldBe([.. value, 0x78, 0x01]);
    }

    private static byte[] Index(params WakuMessageArchiveIndexEntry[] entries) => ArchiveIndex.Write(entries);

    private static WakuMessageArchiveIndexEntry Entry(
        ulong offset = 0,
        ulong size = Piece,
        ulong padding = 5,
        ulong from = 10,
        ulong to = 20,
        int? topicBytes = 4
    )
    {
        var metadata = new WakuMessageArchiveMetadata { From = from, To = to };
        if (topicBytes is { } bytes)
            metadata.ContentTopic.Add(ByteString.CopyFrom(new byte[bytes]));
        return ArchiveIndex.Name(
            new WakuMessageArchiveIndexMetadata
            {
                Metadata = metadata,
                Offset = offset,
                Size = size,
                Padding = padding,
            }
        );
    }
}
