using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

/// <summary>Adding a week to what is there already: what of it is read, what of it is kept.</summary>
public sealed class ContinuedCutTests : IDisposable
{
    private readonly TemporaryTree temporary = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Data_that_is_not_the_parents_is_a_named_error_and_nothing_is_written(int place)
    {
        var first = await Cut(0, 3);
        Flip(place == 0 ? 0 : first.DataBytes + place);
        var files = temporary.Files();

        var fault = await Should.ThrowAsync<DamagedDataException>(Cut(3, 4, first));

        fault.Message.ShouldContain($"Piece {(place == 0 ? 0 : (first.DataBytes / ArchiveFormat.PieceBytes) - 1)} of");
        fault.Message.ShouldContain("archive verify");
        temporary.Files().ShouldBe(files);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100_000)]
    [InlineData(2_097_152)]
    public void The_pieces_that_are_checked_are_few_the_same_each_time_and_always_with_the_last(long pieces)
    {
        var infoHash = InfoHash.Parse(new string('a', 40));

        var chosen = DataSpotCheck.Choose(infoHash, pieces);

        chosen.Count.ShouldBe((int)Math.Min(pieces, DataSpotCheck.CheckedPieces));
        chosen.ShouldContain(pieces - 1);
        chosen.ShouldAllBe(piece => piece >= 0 && piece < pieces);
        DataSpotCheck.Choose(infoHash, pieces).ShouldBe(chosen);
        if (pieces > 1000)
            DataSpotCheck.Choose(InfoHash.Parse(new string('b', 40)), pieces).ShouldNotBe(chosen);
    }

    [Fact]
    public async Task Torrents_that_two_newer_ones_continue_are_removed_and_the_three_newest_stay_whole()
    {
        List<Cut> cuts = [];
        for (var week = 0; week < 6; week++)
            cuts.Add(await Cut(week, week + 1, cuts.LastOrDefault()));

        Kept("torrent.").ShouldBe(cuts.Skip(3).Select(cut => cut.Torrent.InfoHash.ToString()), ignoreOrder: true);
        Kept("index.").ShouldBe(Kept("torrent."), ignoreOrder: true);
        foreach (var cut in cuts.Skip(3))
            (await temporary.Tree.Find(TemporaryTree.Community, cut.Torrent.InfoHash, Cancellation)).ShouldNotBeNull();
        var files = temporary.Files();
        (await Cut(4, 5, cuts[3])).Torrent.InfoHash.ShouldBe(cuts[4].Torrent.InfoHash);
        temporary.Files().ShouldBe(files);
    }

    [Fact]
    public async Task A_download_under_way_and_a_file_that_is_no_torrent_are_not_removed()
    {
        using var other = new TemporaryTree();
        var foreign = await Cut(other, 0, 1, null);
        await temporary.Tree.Accept(
            foreign.Torrent.Magnetlink,
            TemporaryTree.Community,
            TorrentFile.Read(foreign.Torrent.TorrentFile).Info,
            Cancellation
        );
        await File.WriteAllTextAsync(temporary.PathOf($"torrent.{new string('c', 40)}"), "no torrent", Cancellation);
        Cut? last = null;
        for (var week = 0; week < 5; week++)
            last = await Cut(temporary, week, week + 1, last, salt: 7);

        Kept("torrent.").ShouldContain(foreign.Torrent.InfoHash.ToString());
        Kept("torrent.").ShouldContain(new string('c', 40));
        Kept("torrent.").Count.ShouldBe(5);
    }

    public void Dispose() => temporary.Dispose();

    private Task<Cut> Cut(int from, int to, Cut? parent = null) => Cut(temporary, from, to, parent);

    private static async Task<Cut> Cut(TemporaryTree tree, int from, int to, Cut? parent, byte salt = 0) =>
        (
            await tree.Tree.Cut(TemporaryTree.Plan(from, to, parent), TemporaryTree.Reading(TemporaryTree.Messages(to, salt)), Cancellation)
        ).Made!;

    private List<string> Kept(string prefix) =>
        [
            .. Directory
                .GetFiles(temporary.PathOf(""))
                .Select(path => Path.GetFileName(path))
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(name => name[prefix.Length..]),
        ];

    private void Flip(long at)
    {
        using var data = File.Open(temporary.PathOf("data"), FileMode.Open);
        data.Position = at;
        var old = data.ReadByte();
        data.Position = at;
        data.WriteByte((byte)(old ^ 1));
    }
}
