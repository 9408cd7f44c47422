using EventArchive.Archives;
using EventArchive.Archives.Wire;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

public sealed class EncryptedCutTests : IDisposable
{
    private readonly TemporaryTree temporary = new();
    private readonly InMemoryRatchetKeys keys = new();
    private readonly ArchiveTree tree;

    public EncryptedCutTests() => tree = Tree(temporary, keys);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Archives_and_index_take_one_number_each_and_what_was_written_is_read_back()
    {
        await Import();

        var cut = await Cut(0, 3);

        (await Numbers(cut)).ShouldBe([1, 2, 3, 4]);
        (await keys.FindNewest(TemporaryTree.Community, Cancellation))!.HighestSeqNo.ShouldBe(4u);
        (await Extract(tree, cut, after: 0)).ShouldBe(TemporaryTree.Messages(3).Select(message => Hex.Encode(message.Hash)));
        (await tree.ReadIndex(cut.Torrent with { EncryptedAfter = 0 }, Cancellation)).ShouldBe(cut.Added);
        foreach (var entry in cut.Added)
            entry.Size.ShouldBe(ArchiveFormat.SlotBytes(entry.Size - entry.Padding), "Offsets and sizes are those of the encrypted bytes.");
    }

    [Fact]
    public async Task The_same_cut_again_and_on_another_node_writes_the_same_bytes()
    {
        await Import();
        var cut = await Cut(0, 2);
        var files = temporary.Files();

        (await Cut(0, 2)).Torrent.InfoHash.ShouldBe(cut.Torrent.InfoHash);
        temporary.Files().ShouldBe(files);
        using var elsewhere = new TemporaryTree();
        var theirs = new InMemoryRatchetKeys();
        await theirs.Import(HashRatchetTests.Key, 0, Cancellation);
        await Tree(elsewhere, theirs).Cut(Plan(0, 2), TemporaryTree.Reading(TemporaryTree.Messages(2)), Cancellation);
        elsewhere.Files().ShouldBe(files);
    }

    [Fact]
    public async Task A_cut_that_continues_goes_on_behind_the_numbers_of_its_parent_and_keeps_its_archives()
    {
        await Import();
        var first = await Cut(0, 2);

        var second = await Cut(2, 3, first, new ArchiveSealing(HashRatchetTests.Key.Id, 4, 0, ParentSealed: true));

        second.ArchiveCount.ShouldBe(3);
        (await Numbers(second)).ShouldBe([1, 2, 4, 5]);
        (await Extract(tree, second, after: 0)).ShouldBe(TemporaryTree.Messages(3).Select(message => Hex.Encode(message.Hash)));
    }

    [Fact]
    public async Task A_community_that_began_to_encrypt_has_its_older_archives_in_the_clear_and_its_index_sealed()
    {
        await Import();
        var clear = (await tree.Cut(TemporaryTree.Plan(0, 1), TemporaryTree.Reading(TemporaryTree.Messages(1)), Cancellation)).Made!;
        var began = TemporaryTree.Start + TemporaryTree.Week;

        var mixed = await Cut(1, 3, clear, new ArchiveSealing(HashRatchetTests.Key.Id, 1, began, ParentSealed: false));

        (await Extract(tree, mixed, began)).Count.ShouldBe(9);
        (await Numbers(mixed, began)).ShouldBe([1, 2, 3]);
        // Late messages of the older window are as their window was.
        var late = Plan(3, 4, mixed, new ArchiveSealing(HashRatchetTests.Key.Id, 4, began, ParentSealed: true)) with
        {
            LateWindows = [new CutWindow(TemporaryTree.Start, began, Late: true)],
        };
        var four = (await tree.Cut(late, TemporaryTree.Reading(TemporaryTree.Messages(4)), Cancellation)).Made!;
        (await Extract(tree, four, began)).Count.ShouldBe(15);
        (await Numbers(four, began)).ShouldBe([1, 2, 4, 5]);
    }

    [Fact]
    public async Task What_is_stated_is_what_is_read_because_a_guess_would_take_a_strangers_clear_bytes_for_the_members_own()
    {
        await Import();
        var cut = await Cut(0, 1);
        using var other = new TemporaryTree();
        var clear = (await other.Tree.Cut(TemporaryTree.Plan(0, 1), TemporaryTree.Reading(TemporaryTree.Messages(1)), Cancellation)).Made!;

        (await Should.ThrowAsync<RejectedTorrentException>(tree.ReadIndex(cut.Torrent, Cancellation))).Message.ShouldContain(
            "perhaps it is encrypted"
        );
        await Should.ThrowAsync<UnreadableArchiveException>(Extract(tree, cut, after: null, cut.Added));
        var stated = Tree(other, keys);
        (
            await Should.ThrowAsync<RejectedTorrentException>(stated.ReadIndex(clear.Torrent with { EncryptedAfter = 0 }, Cancellation))
        ).Message.ShouldContain("not encrypted, although");
        (await Should.ThrowAsync<UnreadableArchiveException>(Extract(stated, clear, after: 0, clear.Added))).Message.ShouldContain(
            "not encrypted, although"
        );
    }

    [Fact]
    public async Task Without_the_key_nothing_is_written_and_nothing_is_read_and_the_key_is_named()
    {
        (await Should.ThrowAsync<RatchetKeyMissingException>(Cut(0, 1))).Message.ShouldContain("keys import --ratchet");
        temporary.Files().Keys.ShouldNotContain(file => file.EndsWith("torrent", StringComparison.Ordinal));
        await Import();
        var cut = await Cut(0, 1);
        var keyless = Tree(temporary, new InMemoryRatchetKeys());

        var missing = await Should.ThrowAsync<RatchetKeyMissingException>(
            keyless.ReadIndex(cut.Torrent with { EncryptedAfter = 0 }, Cancellation)
        );
        missing.Keys.ShouldBe([HashRatchetTests.Key.Id]);
        await Should.ThrowAsync<RatchetKeyMissingException>(Extract(keyless, cut, after: 0, cut.Added));
    }

    [Fact]
    public async Task A_cut_that_was_given_up_leaves_its_numbers_used_because_some_of_its_bytes_may_be_somewhere()
    {
        await Import();
        await Should.ThrowAsync<IOException>(tree.Cut(Plan(0, 2), (window, _) => Failing(window), Cancellation));

        (await keys.FindNewest(TemporaryTree.Community, Cancellation))!.HighestSeqNo.ShouldBe(1u);

        static async IAsyncEnumerable<ArchivedMessage> Failing(CutWindow window)
        {
            await Task.CompletedTask;
            if (window.From > TemporaryTree.Start)
                throw new IOException("away");
            foreach (var message in TemporaryTree.Messages(1))
                yield return message;
        }
    }

    public void Dispose() => temporary.Dispose();

    private Task Import() => keys.Import(HashRatchetTests.Key, 0, Cancellation);

    private static ArchiveTree Tree(TemporaryTree at, IRatchetKeys keys) =>
        new(new ArchiveTreeOptions { Root = at.Root }, NullLogger<ArchiveTree>.Instance, keys);

    private static CutPlan Plan(int from, int to, Cut? parent = null, ArchiveSealing? sealing = null) =>
        TemporaryTree.Plan(from, to, parent) with
        {
            Sealing = sealing ?? new ArchiveSealing(HashRatchetTests.Key.Id, 1, 0, ParentSealed: false),
        };

    private async Task<Cut> Cut(int from, int to, Cut? parent = null, ArchiveSealing? sealing = null) =>
        (await tree.Cut(Plan(from, to, parent, sealing), TemporaryTree.Reading(TemporaryTree.Messages(to)), Cancellation)).Made!;

    /// <summary>The seq_no of each sealed archive by offset, then that of the index.</summary>
    private async Task<List<int>> Numbers(Cut cut, ulong after = 0)
    {
        var data = temporary.Bytes("data");
        List<int> numbers = [];
        foreach (var entry in await tree.ReadIndex(cut.Torrent with { EncryptedAfter = after }, Cancellation))
        {
            if (entry.To > after)
                numbers.Add(NumberOf(data.AsMemory((int)entry.Offset, (int)(entry.Size - entry.Padding))));
        }
        return [.. numbers, NumberOf(temporary.Bytes("index"))];

        static int NumberOf(ReadOnlyMemory<byte> bytes) => (int)RatchetEnvelope.Read(bytes, TemporaryTree.Community).SeqNo;
    }

    private static async Task<List<string>> Extract(ArchiveTree tree, Cut cut, ulong? after, IReadOnlyList<ArchiveEntry>? entries = null)
    {
        List<string> hashes = [];
        var torrent = cut.Torrent with { EncryptedAfter = after };
        foreach (var entry in entries ?? await tree.ReadIndex(torrent, Cancellation))
        {
            await foreach (var message in tree.Extract(torrent, entry, Cancellation))
                hashes.Add(Hex.Encode(message.Hash));
        }
        return hashes;
    }
}
