using EventArchive.Tests.Integration.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.Cli;

public sealed class ArchiveVerifyTests : IAsyncLifetime
{
    private const int PieceBytes = 102_400;

    private readonly TempFolder folder = new();
    private readonly VectorFile vector = new("archive-10");

    private string Out => Path.Combine(folder.Path, "out");

    private string Data => Path.Combine(Out, vector.CommunityId, "data");

    private IReadOnlyList<string?> Ids =>
        [.. vector.Json.GetProperty("archives").EnumerateArray().Select(archive => archive.GetProperty("id").GetString())];

    public async ValueTask InitializeAsync() =>
        (await Verb.Run("archive", "build", vector.WriteInput(folder.Path), "--out", Out)).ShouldSucceed();

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return default;
    }

    [Fact]
    public async Task Whole_archives_are_told_with_their_bytes_and_nothing_is_written()
    {
        var before = VectorFile.Snapshot(Out);

        var verified = (await Verb.Run("archive", "verify", Out, "--json")).ShouldSucceed().Json;

        verified.GetProperty("communities").GetInt32().ShouldBe(1);
        verified.GetProperty("faults").GetArrayLength().ShouldBe(0);
        verified.GetProperty("bytes").GetInt64().ShouldBe((3 * PieceBytes) + (2 * new FileInfo(Data.Replace("/data", "/index")).Length));
        VectorFile.Snapshot(Out).ShouldBe(before);
    }

    [Fact]
    public async Task A_flipped_byte_names_its_piece_and_the_archive_on_it()
    {
        Flip(Data, PieceBytes + 5);

        var verified = await Verb.Run("archive", "verify", Out, "--json");

        var fault = verified.ShouldFailAfterOutput(1, "restore").Json.GetProperty("faults").EnumerateArray().ShouldHaveSingleItem();
        (fault.GetProperty("firstPiece").GetInt64(), fault.GetProperty("lastPiece").GetInt64()).ShouldBe((1, 1));
        fault.GetProperty("file").GetString().ShouldBe("data");
        fault.GetProperty("archives").EnumerateArray().Select(id => id.GetString()).ShouldBe([Ids[1]]);
        (await Verb.Run("archive", "verify", Out)).Output.ShouldContain("pieces 1 to 1");
    }

    [Fact]
    public async Task A_short_data_names_all_that_is_missing_as_one_range()
    {
        await using (var data = File.OpenWrite(Data))
            data.SetLength(PieceBytes + 7);

        var fault = (await Verb.Run("archive", "verify", Out, "--json"))
            .ShouldFailAfterOutput(1, "data")
            .Json.GetProperty("faults")
            .EnumerateArray()
            .ShouldHaveSingleItem();

        (fault.GetProperty("firstPiece").GetInt64(), fault.GetProperty("lastPiece").GetInt64()).ShouldBe((1, 2));
        fault.GetProperty("reason").GetString().ShouldBe($"the file has {PieceBytes + 7} of {3 * PieceBytes} bytes");
        fault.GetProperty("archives").EnumerateArray().Select(id => id.GetString()).ShouldBe(Ids.Skip(1));
    }

    [Fact]
    public async Task A_missing_index_and_a_torrent_that_is_none_are_faults_of_their_own()
    {
        File.Delete(Path.Combine(Out, vector.CommunityId, "index"));

        (await Verb.Run("archive", "verify", Out)).ShouldFailAfterOutput(1, "index").Output.ShouldContain("the file is missing");

        await File.WriteAllTextAsync(Path.Combine(Out, vector.CommunityId + ".torrent"), "le", TestContext.Current.CancellationToken);
        (await Verb.Run("archive", "verify", Out)).ShouldFailAfterOutput(1, ".torrent").Output.ShouldContain("not a bencoded dictionary");
    }

    [Fact]
    public async Task A_folder_without_archives_or_none_at_all_says_what_to_do()
    {
        (await Verb.Run("archive", "verify", folder.Sub("empty"))).ShouldFail(1, "archive build");
        (await Verb.Run("archive", "verify", Path.Combine(folder.Path, "nowhere"))).ShouldFail(1, "is not there");
    }

    private static void Flip(string path, long at)
    {
        using var file = File.Open(path, FileMode.Open);
        file.Position = at;
        var old = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(old ^ 0x80));
    }
}
