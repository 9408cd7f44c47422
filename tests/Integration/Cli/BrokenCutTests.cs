using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>
/// A cut that is killed, or refused by the disk, at any of its writes, syncs and renames: what is announced stays whole, and the same cut
/// made again ends with the bytes of an uninterrupted one.
/// </summary>
public sealed class BrokenCutTests(BrokenCut cut) : IClassFixture<BrokenCut>
{
    // All of them take a minute; the few are spread over the cut.
    private static readonly int Step = Environment.GetEnvironmentVariable("EVENTARCHIVE_ALL") == "1" ? 1 : 4;

    [Theory]
    [InlineData("pwrite64")]
    [InlineData("fsync")]
    [InlineData("rename")]
    [InlineData("unlink")]
    public async Task A_cut_killed_at_any_call_ends_with_the_same_bytes_when_it_is_made_again(string call)
    {
        var (whole, calls) = await cut.RunUnderStrace(cut.Copy(), call, injection: null);
        whole.ShouldSucceed();
        calls.ShouldBeGreaterThan(3);

        for (var n = 1; n <= calls; n += Step)
        {
            var (when, root) = ($"killed at {call} {n} of {calls}", cut.Copy());
            var (killed, reached) = await cut.RunUnderStrace(root, call, $"signal=KILL:when={n}");

            killed.ExitCode.ShouldBe(137, when);
            reached.ShouldBe(n, when);
            await cut.ShouldBeWhole(root, when);
            await cut.ShouldEndEqual(root, when);
            Directory.Delete(root, recursive: true);
        }
    }

    [Theory]
    [InlineData("pwrite64", "ENOSPC", "No space left")]
    [InlineData("fsync", "EIO", "errno 5")]
    [InlineData("rename", "EIO", "Input/output error")]
    public async Task A_disk_that_refuses_any_call_is_an_error_in_one_line_and_the_cut_made_again_ends_equal(
        string call,
        string error,
        string told
    )
    {
        var (_, calls) = await cut.RunUnderStrace(cut.Copy(), call, injection: null);

        for (var n = 1; n <= calls; n += Step)
        {
            var (when, root) = ($"{error} at {call} {n} of {calls}", cut.Copy());
            var (failed, _) = await cut.RunUnderStrace(root, call, $"error={error}:when={n}");

            failed.ExitCode.ShouldBe(1, when + failed.Error);
            failed.ShouldFail(1, told);
            await cut.ShouldBeWhole(root, when);
            await cut.ShouldEndEqual(root, when);
            Directory.Delete(root, recursive: true);
        }
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
        var root = cut.Copy(Path.Combine(disk.Path, "tree"));
        var before = VectorFile.Snapshot(root);
        var filler = disk.Fill(pagesLeft);

        (await cut.Run(root)).ShouldFail(1, "No space left");

        await cut.ShouldBeWhole(root, $"{pagesLeft} pages left");
        VectorFile.Snapshot(root).Where(line => !line.Contains("/data ")).ShouldBe(before.Where(line => !line.Contains("/data ")));
        File.Delete(filler);
        await cut.ShouldEndEqual(root, $"{pagesLeft} pages left");
    }

    [Fact]
    public async Task A_disk_mounted_for_reading_only_is_an_error_and_when_it_can_be_written_the_cut_ends_equal()
    {
        using var disk = SmallDisk.Mount(20_000_000);
        var root = cut.Copy(Path.Combine(disk.Path, "tree"));
        var before = VectorFile.Snapshot(root);
        disk.Remount("ro");

        (await cut.Run(root)).ShouldFail(1, "Read-only file system");

        VectorFile.Snapshot(root).ShouldBe(before);
        disk.Remount("rw");
        await cut.ShouldEndEqual(root, "after read-only");
    }
}
