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
        await CutWeeks(temporary.Tree, 0, 3);
        await CutWeeks(other.Tree, 0, 3);

        other.Files().ShouldBe(temporary.Files());
        temporary.Files().Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_cut_repeated_after_success_changes_nothing_and_says_the_same()
    {
        var first = await CutWeeks(temporary.Tree, 0, 2);
        var files = temporary.Files();

        var second = await CutWeeks(temporary.Tree, 0, 2);

        temporary.Files().ShouldBe(files);
        second.Added.ShouldBe(first.Added);
        second.Torrent.InfoHash.ShouldBe(first.Torrent.InfoHash);
        second.Torrent.TorrentFile.ToArray().ShouldBe(first.Torrent.TorrentFile.ToArray());
        (second.ArchiveCount, second.DataBytes, second.Messages).ShouldBe((first.ArchiveCount, first.DataBytes, first.Messages));
    }

    [Fact]
    public async Task A_cut_in_two_runs_keeps_the_bytes_and_pieces_of_the_first()
    {
        var first = await CutWeeks(temporary.Tree, 0, 2);
        var data = temporary.Bytes("data");

        var second = await CutWeeks(temporary.Tree, 2, 4, first);

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
        await CutWeeks(other.Tree, 0, 4);
        var first = await CutWeeks(temporary.Tree, 0, 2);
        var second = await CutWeeks(temporary.Tree, 2, 4, first);

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
        await CutWeeks(clean.Tree, 2, 4, await CutWeeks(clean.Tree, 0, 2));
        var first = await CutWeeks(temporary.Tree, 0, 2);
        await using (var data = File.OpenWrite(temporary.PathOf("data")))
        {
            data.Seek(0, SeekOrigin.End);
            await data.WriteAsync(Enumerable.Repeat((byte)0x5A, leftover).ToArray(), Cancellation);
        }
        await File.WriteAllTextAsync(temporary.PathOf(".index.00112233.tmp"), "half", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(temporary.Root, $".{TemporaryTree.Community}.torrent.0011.tmp"), "half", Cancellation);

        await CutWeeks(temporary.Tree, 2, 4, first);

        temporary.Files().ShouldBe(clean.Files());
    }

    [Fact]
    public async Task A_failed_sync_is_an_error_and_what_is_visible_is_whole_at_every_step()
    {
        using var clean = new TemporaryTree();
        await CutWeeks(clean.Tree, 2, 4, await CutWeeks(clean.Tree, 0, 2));
        var whole = clean.Files();
        var failures = 0;
        for (var failAt = 1; ; failAt++)
        {
            using var own = new TemporaryTree();
            var first = await CutWeeks(own.Tree, 0, 2);
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
                await CutWeeks(broken, 2, 4, first);
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

            await CutWeeks(own.Tree, 2, 4, first);
            own.Files().ShouldBe(whole);
        }
        // data and its folder, then a file and its folder for index.H, torrent.H, index and ID.torrent.
        failures.ShouldBe(10);
    }

    [Fact]
    public async Task A_cut_that_comes_late_leaves_what_continued_it_in_place()
    {
        var first = await CutWeeks(temporary.Tree, 0, 2);
        await CutWeeks(temporary.Tree, 2, 4, first);
        var files = temporary.Files();

        var again = await CutWeeks(temporary.Tree, 0, 2);

        again.Torrent.InfoHash.ShouldBe(first.Torrent.InfoHash);
        temporary.Files().ShouldBe(files);
    }

    [Fact]
    public async Task Bytes_that_are_announced_are_never_changed_by_a_cut_that_does_not_know_them()
    {
        await CutWeeks(temporary.Tree, 0, 2);
        var files = temporary.Files();
        var others = TemporaryTree.Reading(TemporaryTree.Messages(2, salt: 9));

        await Should.ThrowAsync<DivergedDataException>(temporary.Tree.Cut(TemporaryTree.Plan(0, 2), others, Cancellation));

        temporary.Files().ShouldBe(files);
    }

    [Fact]
    public async Task A_longer_first_cut_over_an_announced_one_is_refused_where_the_two_differ()
    {
        await CutWeeks(temporary.Tree, 0, 1);
        var data = temporary.Bytes("data");
        var longer = TemporaryTree.Messages(1).Append(TemporaryTree.Message(TemporaryTree.Start + 9, 300_000, 9));

        await Should.ThrowAsync<DivergedDataException>(
            temporary.Tree.Cut(TemporaryTree.Plan(0, 1), TemporaryTree.Reading(longer), Cancellation)
        );

        temporary.Bytes("data").ShouldBe(data);
    }

    [Fact]
    public async Task A_missing_root_is_an_error_and_never_an_empty_tree()
    {
        Directory.Delete(temporary.Root);

        await Should.ThrowAsync<ArchiveRootMissingException>(CutWeeks(temporary.Tree, 0, 1));
        Should.Throw<ArchiveRootMissingException>(temporary.Tree.ListCommunities);

        Directory.Exists(temporary.Root).ShouldBeFalse();
        Directory.CreateDirectory(temporary.Root);
    }

    [Fact]
    public async Task A_parent_whose_files_are_gone_or_short_is_an_error_and_nothing_is_written()
    {
        var first = await CutWeeks(temporary.Tree, 0, 2);
        await File.WriteAllBytesAsync(temporary.PathOf("data"), temporary.Bytes("data")[..^1], Cancellation);
        var files = temporary.Files();

        await Should.ThrowAsync<MissingArchiveFilesException>(CutWeeks(temporary.Tree, 2, 3, first));
        temporary.Files().ShouldBe(files);

        Directory.Delete(temporary.PathOf(""), recursive: true);
        await Should.ThrowAsync<MissingArchiveFilesException>(CutWeeks(temporary.Tree, 2, 3, first));
        Directory.Exists(temporary.PathOf("")).ShouldBeFalse();
    }

    [Fact]
    public async Task Links_inside_the_tree_are_not_followed()
    {
        using var outside = new TemporaryTree();
        var target = Path.Combine(outside.Root, "target");
        await File.WriteAllTextAsync(target, "untouched", Cancellation);
        Directory.CreateDirectory(temporary.PathOf(""));
        File.CreateSymbolicLink(temporary.PathOf("data"), target);

        (await Should.ThrowAsync<IOException>(CutWeeks(temporary.Tree, 0, 1))).Message.ShouldContain("symbolic link");

        Directory.Delete(temporary.PathOf(""), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(temporary.Root, TemporaryTree.Community.ToString()), outside.Root);
        (await Should.ThrowAsync<IOException>(CutWeeks(temporary.Tree, 0, 1))).Message.ShouldContain("symbolic link");

        Directory.GetFileSystemEntries(outside.Root).ShouldBe([target]);
        (await File.ReadAllTextAsync(target, Cancellation)).ShouldBe("untouched");
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
    public async Task More_messages_set_aside_than_an_event_can_name_are_an_error_that_says_what_to_do_and_nothing_is_announced()
    {
        var bad = TemporaryTree.Message(TemporaryTree.Start, 1, 1) with { ThirdPartyId = "\0" };
        var messages = Enumerable.Range(0, ArchiveFormat.MaxSetAside + 1).Select(n => bad with { Hash = BitConverter.GetBytes(n) });

        var allowed = await temporary.Tree.Cut(TemporaryTree.Plan(0, 1), TemporaryTree.Reading(messages.Skip(1)), Cancellation);
        var fault = await Should.ThrowAsync<InvalidOperationException>(
            temporary.Tree.Cut(TemporaryTree.Plan(0, 1), TemporaryTree.Reading(messages), Cancellation)
        );

        allowed.SetAside.Count.ShouldBe(ArchiveFormat.MaxSetAside);
        fault.Message.ShouldContain("Remove them from the message store");
        temporary.Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_plan_with_more_windows_than_the_limit_is_refused_before_any_is_read()
    {
        var plan = TemporaryTree.Plan(0, 1) with { From = 0, To = ulong.MaxValue, PartitionSeconds = 1 };

        await Should.ThrowAsync<ArgumentException>(
            temporary.Tree.Cut(plan, (_, _) => throw new InvalidOperationException("No window is read."), Cancellation)
        );
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

    private static async Task<Cut> CutWeeks(ArchiveTree tree, int from, int to, Cut? parent = null) =>
        (await tree.Cut(TemporaryTree.Plan(from, to, parent), TemporaryTree.Reading(TemporaryTree.Messages(to)), Cancellation)).Made!;
}
