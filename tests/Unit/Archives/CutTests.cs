using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

/// <summary>Same plan and messages, same bytes: however often, wherever interrupted.</summary>
public sealed class CutTests : IDisposable
{
    private readonly TemporaryTree temporary = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_trees_get_the_same_files_from_the_same_messages()
    {
        using var other = new TemporaryTree();
        await TemporaryTree.CutWeeks(temporary.Tree, 0, 3);
        await TemporaryTree.CutWeeks(other.Tree, 0, 3);

        other.Files().ShouldBe(temporary.Files());
        temporary.Files().Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_cut_repeated_after_success_changes_nothing_and_says_the_same()
    {
        var first = await TemporaryTree.CutWeeks(temporary.Tree, 0, 2);
        var files = temporary.Files();

        var second = await TemporaryTree.CutWeeks(temporary.Tree, 0, 2);

        temporary.Files().ShouldBe(files);
        second.Added.ShouldBe(first.Added);
        second.Torrent.InfoHash.ShouldBe(first.Torrent.InfoHash);
        second.Torrent.TorrentFile.ToArray().ShouldBe(first.Torrent.TorrentFile.ToArray());
        (second.ArchiveCount, second.DataBytes, second.Messages).ShouldBe((first.ArchiveCount, first.DataBytes, first.Messages));
    }

    [Fact]
    public async Task A_cut_in_two_runs_keeps_the_bytes_and_pieces_of_the_first()
    {
        var first = await TemporaryTree.CutWeeks(temporary.Tree, 0, 2);
        var data = temporary.Bytes("data");

        var second = await TemporaryTree.CutWeeks(temporary.Tree, 2, 4, first);

        temporary.Bytes("data")[..data.Length].ShouldBe(data);
        second.ArchiveCount.ShouldBe(4);
        var pieces = TorrentFile.Read(second.Torrent.TorrentFile).DataPieces;
        pieces.ToArray().ShouldBe(PieceHashes.Of(temporary.Bytes("data")));
        (await temporary.Tree.Find(TemporaryTree.Community, first.Torrent.InfoHash, Cancellation)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Two_runs_give_the_data_that_one_run_gives()
    {
        using var other = new TemporaryTree();
        await TemporaryTree.CutWeeks(other.Tree, 0, 4);
        var first = await TemporaryTree.CutWeeks(temporary.Tree, 0, 2);
        var second = await TemporaryTree.CutWeeks(temporary.Tree, 2, 4, first);

        temporary.Bytes("data").ShouldBe(other.Bytes("data"));
        temporary.Bytes("index").ShouldBe(other.Bytes("index"));
        second.Torrent.InfoHash.ToString().ShouldBe(TorrentFile.Read(File.ReadAllBytes(other.TorrentPath)).InfoHash.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(250_000)]
    [InlineData(5_000_000)]
    public async Task What_an_interrupted_cut_left_behind_is_written_anew(int leftover)
    {
        using var clean = new TemporaryTree();
        await TemporaryTree.CutWeeks(clean.Tree, 2, 4, await TemporaryTree.CutWeeks(clean.Tree, 0, 2));
        var first = await TemporaryTree.CutWeeks(temporary.Tree, 0, 2);
        await using (var data = File.OpenWrite(temporary.PathOf("data")))
        {
            data.Seek(0, SeekOrigin.End);
            await data.WriteAsync(Enumerable.Repeat((byte)0x5A, leftover).ToArray(), Cancellation);
        }
        await File.WriteAllTextAsync(temporary.PathOf(".index.00112233.tmp"), "half", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(temporary.Root, $".{TemporaryTree.Community}.torrent.0011.tmp"), "half", Cancellation);

        await TemporaryTree.CutWeeks(temporary.Tree, 2, 4, first);

        temporary.Files().ShouldBe(clean.Files());
    }

    [Fact]
    public async Task A_failed_sync_is_an_error_and_what_is_visible_is_whole_at_every_step()
    {
        using var clean = new TemporaryTree();
        await TemporaryTree.CutWeeks(clean.Tree, 2, 4, await TemporaryTree.CutWeeks(clean.Tree, 0, 2));
        var whole = clean.Files();
        var failures = 0;
        for (var failAt = 1; ; failAt++)
        {
            using var own = new TemporaryTree();
            var first = await TemporaryTree.CutWeeks(own.Tree, 0, 2);
            var before = own.Files();
            var calls = 0;
            var broken = own.WithSync(file =>
            {
                if (++calls == failAt)
                    throw new IOException("The disk is broken.");
                Disk.Sync(file);
            });
            try
            {
                await TemporaryTree.CutWeeks(broken, 2, 4, first);
                break;
            }
            catch (IOException fault) when (fault.Message == "The disk is broken.")
            {
                failures++;
            }
            foreach (var (name, hash) in own.Files().Where(file => !file.Key.EndsWith("/data", StringComparison.Ordinal)))
                (hash == whole.GetValueOrDefault(name) || hash == before.GetValueOrDefault(name)).ShouldBeTrue(
                    $"{name} after call {failAt}"
                );
            if (failAt == 1)
                own.Files().Keys.ShouldBe(before.Keys);

            await TemporaryTree.CutWeeks(own.Tree, 2, 4, first);
            own.Files().ShouldBe(whole);
        }
        // data and its folder, then a file and its folder for index.H, torrent.H, index and ID.torrent.
        failures.ShouldBe(10);
    }

    [Fact]
    public async Task A_cut_that_comes_late_leaves_what_continued_it_in_place()
    {
        var first = await TemporaryTree.CutWeeks(temporary.Tree, 0, 2);
        await TemporaryTree.CutWeeks(temporary.Tree, 2, 4, first);
        var files = temporary.Files();

        var again = await TemporaryTree.CutWeeks(temporary.Tree, 0, 2);

        again.Torrent.InfoHash.ShouldBe(first.Torrent.InfoHash);
        temporary.Files().ShouldBe(files);
    }

    [Fact]
    public async Task A_message_that_its_reader_would_refuse_is_set_aside_with_the_reason()
    {
        var good = TemporaryTree.Message(TemporaryTree.Start, 10, 1);
        var messages = TemporaryTree.Reading([
            good,
            good with
            {
                Hash = [2],
                Topic = ContentTopic.Parse("0xffffffff"),
            },
            good with
            {
                Hash = [3],
                ThirdPartyId = "\0",
            },
        ]);

        var outcome = await temporary.Tree.Cut(TemporaryTree.Plan(0, 1), messages, Cancellation);

        var cut = outcome.Made!;
        cut.Messages.ShouldBe(1);
        outcome.SetAside.Keys.ShouldBe(["0x02", "0x03"], ignoreOrder: true);
        (await temporary.Tree.CountMessages(cut.Torrent, cut.Added[0], Cancellation)).ShouldBe(1);
    }

    [Fact]
    public async Task Windows_reach_the_end_of_time_without_wrapping_around()
    {
        var plan = TemporaryTree.Plan(0, 1) with { From = ulong.MaxValue - 10, To = ulong.MaxValue, PartitionSeconds = 7 };
        var messages = TemporaryTree.Reading([TemporaryTree.Message(ulong.MaxValue - 1, 5, 1)]);

        var cut = (await temporary.Tree.Cut(plan, messages, Cancellation)).Made!;

        (cut.Added[0].From, cut.Added[0].To).ShouldBe((ulong.MaxValue - 3, ulong.MaxValue));
    }

    public void Dispose() => temporary.Dispose();
}
