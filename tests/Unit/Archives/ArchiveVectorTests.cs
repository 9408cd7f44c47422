using EventArchive.Archives;
using EventArchive.Archives.Wire;
using EventArchive.Handlers;
using EventArchive.Model;
using Google.Protobuf;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

/// <summary>The same messages give the same archives as status-go makes of them.</summary>
public sealed class ArchiveVectorTests : IDisposable
{
    private readonly TemporaryTree temporary = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("archive-1", true)]
    [InlineData("archive-partitions", true)]
    // Here status-go's random map order was not the order of the offsets, so its info-hash is one of several and ours is another.
    [InlineData("archive-10", false)]
    public async Task Archives_equal_those_of_status_go_byte_for_byte(string name, bool indexIsInOurOrder)
    {
        var vector = Vector.Read(name);

        var cut = (await Build(vector.Input(), vector.CommunityId))!;

        cut.Added.ShouldBe(vector.Entries());
        cut.DataBytes.ShouldBe(vector.Number("dataLength"));
        var data = temporary.Bytes("data");
        Vector.Sha256(data).ShouldBe(vector.Text("dataSha256"));
        data.ShouldBe(vector.Data());
        var same = temporary.Bytes("index").AsSpan().SequenceEqual(vector.Index);
        same.ShouldBe(indexIsInOurOrder);
        (cut.Torrent.InfoHash.ToString() == vector.Text("infoHash")).ShouldBe(indexIsInOurOrder);
        if (!indexIsInOurOrder)
            return;
        cut.Torrent.Magnetlink.ToString().ShouldBe(vector.Text("magnet"));
        var torrent = TorrentFile.Read(cut.Torrent.TorrentFile, vector.CommunityId);
        torrent.Info.ToArray().ShouldBe(vector.Info);
        (torrent with { CreatedBy = vector.Text("createdBy"), CreationDate = vector.Number("creationDate") })
            .ToBytes()
            .ShouldBe(vector.TorrentFile);
    }

    [Fact]
    public async Task A_fourth_week_is_appended_as_status_go_appends_it()
    {
        var vector = Vector.Read("archive-append");
        var first = Vector.Read("archive-10");
        await Build(first.Input(), first.CommunityId);

        var cut = (await Build(vector.Input(), vector.CommunityId))!;

        cut.Added.ShouldBe(vector.Entries().Skip(3));
        cut.ArchiveCount.ShouldBe(4);
        (await temporary.Tree.ReadIndex(cut.Torrent, Cancellation)).ShouldBe(vector.Entries());
        Vector.Sha256(temporary.Bytes("data")).ShouldBe(vector.Text("dataSha256"));
    }

    [Fact]
    public async Task A_folder_that_status_go_made_is_continued_where_it_ends()
    {
        var first = Vector.Read("archive-10");
        Directory.CreateDirectory(temporary.PathOf(""));
        await File.WriteAllBytesAsync(temporary.PathOf("data"), first.Data(), Cancellation);
        await File.WriteAllBytesAsync(temporary.PathOf("index"), first.Index, Cancellation);
        await File.WriteAllBytesAsync(temporary.TorrentPath, first.TorrentFile, Cancellation);
        var vector = Vector.Read("archive-append");

        var cut = (await Build(vector.Input(), vector.CommunityId))!;

        (await temporary.Tree.ReadIndex(cut.Torrent, Cancellation)).ShouldBe(vector.Entries());
        Vector.Sha256(temporary.Bytes("data")).ShouldBe(vector.Text("dataSha256"));
    }

    [Fact]
    public async Task A_thousand_messages_of_six_weeks_give_the_archives_of_status_go()
    {
        var vector = Vector.Read("archive-1000");

        var cut = (await Build(GeneratedInput.Make(messages: 1000, weeks: 6), vector.CommunityId))!;

        cut.Added.ShouldBe(vector.Entries());
        cut.Messages.ShouldBe(1000);
        var data = temporary.Bytes("data");
        Vector.Sha256(data).ShouldBe(vector.Text("dataSha256"));
        foreach (var archive in vector.Archives)
        {
            var raw = data.AsSpan(archive.GetProperty("offset").GetInt32(), archive.GetProperty("rawLength").GetInt32());
            Vector.Sha256(raw).ShouldBe(archive.GetProperty("rawSha256").GetString());
        }
    }

    [Fact]
    public async Task No_message_makes_no_archive_and_no_file()
    {
        var cut = await Build(Vector.Read("archive-none").Input(), TemporaryTree.Community);

        cut.ShouldBeNull();
        temporary.Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task Thirty_million_bytes_fill_an_archive_and_a_longer_message_is_set_aside()
    {
        var vector = Vector.Read("archive-split");
        var lengths = vector.Json.GetProperty("lengths").EnumerateArray().Select(length => length.GetInt32());
        var messages = lengths.Select((length, i) => SplitMessage(i, length)).ToList();

        var outcome = await temporary.Tree.Cut(TemporaryTree.Plan(0, 1), TemporaryTree.Reading(messages), Cancellation);

        var cut = outcome.Made!;
        cut.Added.ShouldBe(vector.Entries());
        Vector.Sha256(temporary.Bytes("data")).ShouldBe(vector.Text("dataSha256"));
        cut.Messages.ShouldBe(3);
        outcome.SetAside.ShouldHaveSingleItem().Key.ShouldBe("0x03");
    }

    [Fact]
    public async Task A_window_whose_messages_are_all_too_long_is_an_archive_without_messages_as_status_go_makes_it_and_says_why()
    {
        var good = SplitMessage(1, 10) with { Timestamp = TemporaryTree.Start + TemporaryTree.Week };
        ArchivedMessage[] messages = [SplitMessage(0, ArchiveFormat.MaxArchiveMessageBytes), good];

        var outcome = await temporary.Tree.Cut(TemporaryTree.Plan(0, 3), TemporaryTree.Reading(messages), Cancellation);

        outcome.SetAside.ShouldHaveSingleItem().Value.ShouldContain("more than 30000000 bytes");
        var cut = outcome.Made!;
        cut.Messages.ShouldBe(1);
        var empty = new WakuMessageArchive
        {
            Metadata = new() { From = TemporaryTree.Start, To = TemporaryTree.Start + TemporaryTree.Week },
        };
        empty.Metadata.ContentTopic.Add(ByteString.CopyFrom(TemporaryTree.Topic.ToBytes()));
        var raw = empty.ToByteArray();
        cut.Added.Select(entry => (entry.From, entry.Offset, entry.Size))
            .ShouldBe([
                (TemporaryTree.Start, 0L, (long)ArchiveFormat.PieceBytes),
                (TemporaryTree.Start + TemporaryTree.Week, ArchiveFormat.PieceBytes, ArchiveFormat.PieceBytes),
            ]);
        cut.Added[0].Padding.ShouldBe(ArchiveFormat.PieceBytes - raw.Length);
        temporary.Bytes("data")[..ArchiveFormat.PieceBytes].ShouldBe([.. raw, .. new byte[ArchiveFormat.PieceBytes - raw.Length]]);
        (await temporary.Tree.CountMessages(cut.Torrent, cut.Added[0], Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task A_late_message_that_is_too_long_makes_no_archive_of_its_window()
    {
        var messages = TemporaryTree.Reading([SplitMessage(0, ArchiveFormat.MaxArchiveMessageBytes)]);
        var plan = TemporaryTree.Plan(1, 2) with
        {
            LateWindows = [new(TemporaryTree.Start, TemporaryTree.Start + TemporaryTree.Week, Late: true)],
        };

        var outcome = await temporary.Tree.Cut(plan, messages, Cancellation);

        outcome.Made.ShouldBeNull();
        outcome.SetAside.Count.ShouldBe(1);
        temporary.Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task Padding_follows_status_go_with_a_whole_piece_more_after_an_exact_multiple()
    {
        foreach (var expected in Vector.Read("padding").Json.GetProperty("cases").EnumerateArray())
        {
            using var own = new TemporaryTree();
            byte[] payload = [.. Enumerable.Repeat((byte)0xAB, expected.GetProperty("payloadLength").GetInt32())];
            ArchivedMessage message = new([4], 1_700_000_001, TemporaryTree.Topic, payload, [], [1], "");

            var cut = (await own.Tree.Cut(TemporaryTree.Plan(0, 1), TemporaryTree.Reading([message]), Cancellation)).Made!;

            var entry = cut.Added.ShouldHaveSingleItem();
            entry.Size.ShouldBe(expected.GetProperty("size").GetInt64());
            entry.Padding.ShouldBe(expected.GetProperty("padding").GetInt64());
            entry.Id.ToString().ShouldBe(expected.GetProperty("archiveId").GetString());
            Vector.Sha256(own.Bytes("data")).ShouldBe(expected.GetProperty("dataSha256").GetString());
            cut.Torrent.InfoHash.ToString().ShouldBe(expected.GetProperty("infoHash").GetString());
        }
    }

    [Theory]
    [InlineData("archive-1")]
    [InlineData("archive-10")]
    [InlineData("archive-append")]
    [InlineData("archive-partitions")]
    [InlineData("archive-1000")]
    public void Torrent_and_index_of_status_go_are_read_whatever_the_order_of_the_index(string name)
    {
        var vector = Vector.Read(name);

        var torrent = TorrentFile.Read(vector.TorrentFile, vector.CommunityId);

        torrent.InfoHash.ToString().ShouldBe(vector.Text("infoHash"));
        torrent.Info.ToArray().ShouldBe(vector.Info);
        torrent.DataBytes.ShouldBe(vector.Number("dataLength"));
        torrent.IndexBytes.ShouldBe(vector.Index.Length);
        torrent.CreatedBy.ShouldBe(vector.Text("createdBy"));
        torrent.CreationDate.ShouldBe(vector.Number("creationDate"));
        torrent.Trackers.ShouldBe(ArchiveFormat.DefaultTrackers);
        torrent.ToBytes().ShouldBe(vector.TorrentFile);
        torrent.IndexPieces.ToArray().ShouldBe(PieceHashes.Of(vector.Index));
        torrent.Magnetlink.ToString().ShouldBe(vector.Text("magnet"));
        ArchiveIndex.Read(vector.Index, torrent.DataBytes).Select(ArchiveIndex.ToEntry).ShouldBe(vector.Entries());
    }

    [Fact]
    public async Task Extracted_messages_equal_those_that_were_built_in()
    {
        var input = Vector.Read("archive-10").Input();
        var cut = (await Build(input, TemporaryTree.Community))!;

        List<ArchivedMessage> extracted = [];
        foreach (var entry in cut.Added)
            extracted.AddRange(await temporary.Tree.Extract(cut.Torrent, entry, Cancellation).ToListAsync(Cancellation));

        extracted.Count.ShouldBe(10);
        extracted.Select(Printed).ShouldBe(input.Messages.Select(Printed));
    }

    public void Dispose() => temporary.Dispose();

    private async Task<Cut?> Build(MessageFile file, CommunityId community) =>
        (await ArchiveFolder.Open(temporary.Root).Build(file, community, Cancellation)).Made;

    private static ArchivedMessage SplitMessage(int number, int length)
    {
        byte[] payload = new byte[length];
        Array.Fill(payload, (byte)number);
        return new([4], TemporaryTree.Start + (ulong)number, TemporaryTree.Topic, payload, [], [(byte)number], "");
    }

    private static string Printed(ArchivedMessage message) =>
        string.Join(
            ' ',
            message.Timestamp,
            message.Topic,
            Hex.Encode(message.Sig.Span),
            Hex.Encode(message.Payload.Span),
            Hex.Encode(message.Padding.Span),
            Hex.Encode(message.Hash),
            message.ThirdPartyId
        );
}
