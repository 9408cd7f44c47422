using EventArchive.Archives;
using EventArchive.Archives.Wire;
using EventArchive.Handlers;
using EventArchive.Model;
using Google.Protobuf;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

public sealed class HostileArchiveTests
{
    private static readonly WakuMessageArchiveMetadata Metadata = new()
    {
        From = 100,
        To = 200,
        ContentTopic = { ByteString.CopyFrom(1, 2, 3, 4) },
    };

    private static WakuMessage Good =>
        new()
        {
            Timestamp = 100,
            Topic = ByteString.CopyFrom(1, 2, 3, 4),
            Hash = ByteString.CopyFrom(9),
            Payload = ByteString.CopyFromUtf8("hello"),
        };

    [Fact]
    public void The_sample_that_the_cases_are_made_from_is_read()
    {
        var message = Read(Archive(Good)).Read().ShouldHaveSingleItem();

        message.Payload.ToArray().ShouldBe("hello"u8.ToArray());
        message.Topic.ShouldBe(TemporaryTree.Topic);
    }

    public static TheoryData<string, byte[]> Refused() =>
        new()
        {
            { "before the window", Archive(With(m => m.Timestamp = 99)) },
            { "at the end of the window", Archive(With(m => m.Timestamp = 200)) },
            { "far future", Archive(With(m => m.Timestamp = ulong.MaxValue)) },
            { "another community's topic", Archive(With(m => m.Topic = ByteString.CopyFrom(9, 9, 9, 9))) },
            { "no topic", Archive(With(m => m.Topic = ByteString.Empty)) },
            { "a topic of five bytes", Archive(With(m => m.Topic = ByteString.CopyFrom(1, 2, 3, 4, 5))) },
            { "no hash", Archive(With(m => m.Hash = ByteString.Empty)) },
            { "a hash that no database indexes", Archive(With(m => m.Hash = ByteString.CopyFrom(new byte[3000]))) },
            { "NUL in thirdPartyId", Archive(With(m => m.ThirdPartyId = "a\0b")) },
            { "a thirdPartyId without end", Archive(With(m => m.ThirdPartyId = new string('a', 2000))) },
            { "a payload past the format's limit", Archive(With(m => m.Payload = ByteString.CopyFrom(new byte[30_000_001]))) },
            { "a bad message behind a good one", Archive(Good, With(m => m.Timestamp = 0)) },
            { "ten thousand empty messages", [.. Archive(), .. Enumerable.Repeat<byte[]>([0x1A, 0], 10_000).SelectMany(m => m)] },
            { "no metadata", new WakuMessageArchive { Messages = { Good } }.ToByteArray() },
            { "metadata twice", [.. Archive(), .. Archive()] },
            { "metadata of another window", Archive(new WakuMessageArchiveMetadata(Metadata) { To = 300 }, Good) },
            {
                "metadata of other topics",
                Archive(new WakuMessageArchiveMetadata(Metadata) { ContentTopic = { ByteString.CopyFrom(5, 6, 7, 8) } })
            },
            { "cut short", Archive(Good)[..^1] },
            { "a length past the end", [.. Archive(), 0x1A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F] },
            { "a message that is no protobuf", [.. Archive(), 0x1A, 2, 0x0A, 0x7F] },
            { "an end of a group that never began", [.. Archive(), 0x1A, 1, 0x0C] },
            { "nested groups as deep as the stack", [.. Archive(), 0x1A, 0xC0, 0x84, 0x3D, .. Enumerable.Repeat((byte)0x7B, 1_000_000)] },
            { "nothing", [] },
            { "zeros, as where nothing was downloaded", new byte[1000] },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_archive_that_breaks_a_rule_gives_no_message_at_all(string what, byte[] raw) =>
        Should.Throw<UnreadableArchiveException>(() => Read(raw), what);

    [Fact]
    public void Fields_that_are_not_known_yet_are_passed_over()
    {
        byte[] raw = [.. Archive(Good), 0x7A, 0x02, 1, 2, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7D, 1, 2, 3, 4, 0x78, 0x01];

        Read(raw).Messages.ShouldBe(1);
    }

    [Fact]
    public void More_messages_than_the_limit_are_refused()
    {
        var raw = Archive(Good, Good, Good);

        new SlotReader(raw, Entry, maxMessages: 3).Messages.ShouldBe(3);
        Should.Throw<UnreadableArchiveException>(() => new SlotReader(raw, Entry, maxMessages: 2)).Message.ShouldContain("more than 2");
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 102_400, 102_400)]
    [InlineData(0, 102_400, -1)]
    [InlineData(-102_400, 102_400, 0)]
    [InlineData(102_400, 102_400, 0)]
    [InlineData(0, 204_800, 0)]
    [InlineData(1, 102_400, 0)]
    [InlineData(long.MaxValue, 102_400, 0)]
    [InlineData(0, ArchiveFormat.MaxSlotBytes + 102_400, 0)]
    public async Task A_slot_outside_the_torrent_or_past_the_limit_is_refused_unread(long offset, long size, long padding)
    {
        var torrent = TorrentFile.Read(Vector.Read("archive-1").TorrentFile);
        ArchiveEntry entry = new(Vector.Read("archive-1").Entries()[0].Id, 100, 200, offset, size, padding);

        await Should.ThrowAsync<UnreadableArchiveException>(
            SlotReader.Open("/nowhere", torrent, entry, TestContext.Current.CancellationToken)
        );
    }

    private static ArchiveEntry Entry => ArchiveIndex.ToEntry(ArchiveIndex.Name(ArchiveIndex.Locate(Metadata, 0, 102_400, 1)));

    private static SlotReader Read(byte[] raw) => new(raw, Entry);

    private static WakuMessage With(Action<WakuMessage> change)
    {
        var message = Good;
        change(message);
        return message;
    }

    private static byte[] Archive(params WakuMessage[] messages) => Archive(Metadata, messages);

    private static byte[] Archive(WakuMessageArchiveMetadata metadata, params WakuMessage[] messages) =>
        new WakuMessageArchive { Metadata = metadata, Messages = { messages } }.ToByteArray();
}
