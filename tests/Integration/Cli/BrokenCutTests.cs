using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>
/// A cut that is killed, or refused by the disk, at any of its writes, syncs, renames and whatever else it asks of it: what is announced stays whole, and
/// the same cut made again ends with the bytes of an uninterrupted one.
/// </summary>
public sealed class BrokenCutTests(FirstCut first, FourthCut fourth, LongCut large)
    : IClassFixture<FirstCut>,
        IClassFixture<FourthCut>,
        IClassFixture<LongCut>
{
    // All of them take minutes; the few are spread over the cut.
    private static readonly int Step = Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1" ? 1 : 12;

    [Theory]
    [InlineData("first", "mkdir")]
    [InlineData("first", "pwrite64")]
    [InlineData("first", "fsync")]
    [InlineData("first", "rename")]
    [InlineData("fourth", "pwrite64")]
    [InlineData("fourth", "sync_file_range")]
    [InlineData("fourth", "ftruncate")]
    [InlineData("fourth", "fsync")]
    [InlineData("fourth", "rename")]
    [InlineData("fourth", "unlink")]
    public async Task A_cut_killed_at_any_call_ends_with_the_same_bytes_when_it_is_made_again(string which, string call)
    {
        var cut = Find(which);
        var calls = await CountCalls(cut, call);

        foreach (var n in Some(calls))
        {
            var (when, root) = ($"{which} killed at {call} {n} of {calls}", Begin(cut, call));
            var (killed, reached) = await cut.RunUnderStrace(root, call, $"signal=KILL:when={n}");

            killed.ExitCode.ShouldBe(137, when);
            reached.Count.ShouldBe(n, when);
            await cut.ShouldBeWhole(root, when);
            await cut.ShouldEndEqual(root, when);
            Directory.Delete(root, recursive: true);
        }
    }

    [Theory]
    [InlineData("first", "mkdir", "ENOSPC", "No space left")]
    [InlineData("first", "fsync", "EIO", "errno 5")]
    [InlineData("fourth", "pwrite64", "ENOSPC", "No space left")]
    [InlineData("fourth", "sync_file_range", "EIO", "errno 5")]
    [InlineData("fourth", "ftruncate", "EIO", "Input/output error")]
    [InlineData("fourth", "fsync", "EIO", "errno 5")]
    [InlineData("fourth", "rename", "EIO", "Input/output error")]
    public async Task A_disk_that_refuses_any_call_is_an_error_in_one_line_and_the_cut_made_again_ends_equal(
        string which,
        string call,
        string error,
        string told
    )
    {
        var cut = Find(which);
        var calls = await CountCalls(cut, call);

        foreach (var n in Some(calls))
        {
            var (when, root) = ($"{which}: {error} at {call} {n} of {calls}", Begin(cut, call));
            var (failed, _) = await cut.RunUnderStrace(root, call, $"error={error}:when={n}");

            failed.ExitCode.ShouldBe(1, when + failed.Error);
            failed.ShouldFail(1, told);
            await cut.ShouldBeWhole(root, when);
            await cut.ShouldEndEqual(root, when);
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public async Task A_disk_that_fails_far_behind_the_writing_is_an_error_because_no_sync_may_tell_it_again()
    {
        const string call = "sync_file_range";
        var (_, calls) = await large.RunUnderStrace(large.Copy(), call, injection: null);
        var waits = calls.Index().Where(one => one.Item.Contains("SYNC_FILE_RANGE_WAIT_BEFORE", StringComparison.Ordinal)).ToList();
        waits.Count.ShouldBeGreaterThan(1);
        var root = large.Copy();

        var (failed, reached) = await large.RunUnderStrace(root, call, $"error=EIO:when={waits[1].Index + 1}");

        failed.ShouldFail(1, "errno 5");
        reached.Count.ShouldBe(waits[1].Index + 1);
        await large.ShouldBeWhole(root, call);
        await large.ShouldEndEqual(root, call);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(25)]
    [InlineData(1400)]
    public async Task A_full_disk_is_an_error_and_when_there_is_room_again_the_cut_ends_equal(int pagesLeft)
    {
        // A tmpfs gives whole pages: with one left there is room for 1 byte and for 4 KiB, with 25 for one piece, with the last for a part of data.
        using var disk = SmallDisk.Mount(20_000_000);
        var root = fourth.Copy(Path.Combine(disk.Path, "tree"));
        var before = VectorFile.Snapshot(root);
        var filler = disk.Fill(pagesLeft);

        (await fourth.Run(root)).ShouldFail(1, "No space left");

        await fourth.ShouldBeWhole(root, $"{pagesLeft} pages left");
        VectorFile.Snapshot(root).Where(line => !line.Contains("/data ")).ShouldBe(before.Where(line => !line.Contains("/data ")));
        File.Delete(filler);
        await fourth.ShouldEndEqual(root, $"{pagesLeft} pages left");
    }

    [Fact]
    public async Task A_disk_mounted_for_reading_only_is_an_error_and_when_it_can_be_written_the_cut_ends_equal()
    {
        using var disk = SmallDisk.Mount(20_000_000);
        var root = fourth.Copy(Path.Combine(disk.Path, "tree"));
        var before = VectorFile.Snapshot(root);
        disk.Remount("ro");

        (await fourth.Run(root)).ShouldFail(1, "Read-only file system");

        VectorFile.Snapshot(root).ShouldBe(before);
        disk.Remount("rw");
        await fourth.ShouldEndEqual(root, "after read-only");
    }

    private BrokenCut Find(string which) => which == "first" ? first : fourth;

    /// <summary>The tree before the cut, as it has to be for such a call to come.</summary>
    private static string Begin(BrokenCut cut, string call)
    {
        var root = cut.Copy();
        if (call == "ftruncate")
            BrokenCut.LeaveTail(root);
        return root;
    }

    private static async Task<int> CountCalls(BrokenCut cut, string call)
    {
        var (whole, calls) = await cut.RunUnderStrace(Begin(cut, call), call, injection: null);
        whole.ShouldSucceed();
        calls.ShouldNotBeEmpty();
        return calls.Count;
    }

    /// <summary>The first, the last, and some between.</summary>
    private static IEnumerable<int> Some(int calls) => Enumerable.Range(1, calls).Where(n => (n - 1) % Step == 0 || n == calls);
}
