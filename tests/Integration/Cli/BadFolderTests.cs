using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>A folder that holds no archives, or damaged ones.</summary>
public sealed class BadFolderTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("archive", "inspect")]
    [InlineData("archive", "extract")]
    [InlineData("seed")]
    public async Task A_folder_without_archives_is_an_error_so_that_a_slip_of_the_pen_is_seen(params string[] verb)
    {
        (await Verb.Run([.. verb, folder.Path])).ShouldFail(1, "no archive torrent", "archive build");
        (await Verb.Run([.. verb, Path.Combine(folder.Path, "missing")])).ShouldFail(1, "missing", "is not there");
    }

    [Theory]
    [InlineData("data", "does not hold the torrent's bytes")]
    [InlineData("index", "not those of the torrent")]
    public async Task A_damaged_file_is_named_and_neither_inspected_nor_seeded(string damaged, string reason)
    {
        var vector = new VectorFile("archive-1");
        var built = folder.Sub("built");
        (await Verb.Run("archive", "build", vector.WriteInput(folder.Path), "--out", built)).ShouldSucceed();
        // The index is there twice: under its own name for foreign programs, and as the engine maps it.
        foreach (var file in Directory.EnumerateFiles(Path.Combine(built, vector.CommunityId), damaged + "*"))
        {
            var bytes = await File.ReadAllBytesAsync(file, Cancellation);
            bytes[50] ^= 1;
            await File.WriteAllBytesAsync(file, bytes, Cancellation);
        }
        var before = VectorFile.Snapshot(built);

        (await Verb.Run("archive", "inspect", built)).ShouldFail(1, damaged, reason);
        (await Verb.Run("archive", "extract", built)).ShouldFail(1, damaged, reason);
        (await Verb.Run("seed", built)).ShouldFail(1);

        VectorFile.Snapshot(built).ShouldBe(before);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_refused()
    {
        // A file where the folder should be: no user, not even root, can write below it.
        var inTheWay = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(inTheWay, "in the way", Cancellation);

        var verb = await Verb.Run("archive", "build", new VectorFile("archive-1").WriteInput(folder.Path), "--out", inTheWay);

        verb.ShouldFail(1, inTheWay);
        (await File.ReadAllTextAsync(inTheWay, Cancellation)).ShouldBe("in the way");
    }
}
