using EventArchive.BitTorrent;
using EventArchive.Handlers;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>Seeding never trusts the files, and never touches them.</summary>
public sealed class SeedTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_flipped_byte_in_data_fails_and_names_the_piece_because_a_bad_seeder_helps_nobody()
    {
        await using var engine = await Engine.Start();
        var torrent = RandomTorrent.Make(folder.Path, pieces: 10);
        var bytes = torrent.Data();
        bytes[(7 * RandomTorrent.PieceBytes) + 1] ^= 1;
        await File.WriteAllBytesAsync(Path.Combine(torrent.Root, torrent.DataFile), bytes, Cancellation);

        var failure = await Should.ThrowAsync<TorrentException>(engine.Seed(torrent, Cancellation));

        failure.Message.ShouldContain("1 of 11 pieces differ, the first is piece 7");
        failure.Message.ShouldContain(torrent.DataFile);
        torrent.Data().ShouldBe(bytes, "what is wrong on disk is left as evidence");
        engine.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_index_fails_and_is_named()
    {
        await using var engine = await Engine.Start();
        var torrent = RandomTorrent.Make(folder.Path, pieces: 3);
        await File.WriteAllBytesAsync(Path.Combine(torrent.Root, torrent.IndexFile), new byte[5_000], Cancellation);

        var failure = await Should.ThrowAsync<TorrentException>(engine.Seed(torrent, Cancellation));

        failure.Message.ShouldContain(torrent.IndexFile);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("index")]
    public async Task A_missing_file_fails_and_is_not_created(string which)
    {
        await using var engine = await Engine.Start();
        var torrent = RandomTorrent.Make(folder.Path, pieces: 3);
        var path = Path.Combine(torrent.Root, which == "data" ? torrent.DataFile : torrent.IndexFile);
        File.Delete(path);

        var failure = await Should.ThrowAsync<TorrentException>(engine.Seed(torrent, Cancellation));

        failure.Message.ShouldContain($"{path} is missing");
        File.Exists(path).ShouldBeFalse();
    }

    [Fact]
    public async Task A_torrent_whose_file_vanished_while_it_was_seeded_is_no_longer_served()
    {
        await using var engine = await Engine.Start();
        var torrent = RandomTorrent.Make(folder.Path, pieces: 3);
        await engine.Seed(torrent, Cancellation);
        File.Delete(Path.Combine(torrent.Root, torrent.DataFile));

        await Should.ThrowAsync<TorrentException>(engine.Seed(torrent, Cancellation));

        engine.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_short_file_fails_with_both_lengths()
    {
        await using var engine = await Engine.Start();
        var torrent = RandomTorrent.Make(folder.Path, pieces: 3);
        await File.WriteAllBytesAsync(Path.Combine(torrent.Root, torrent.DataFile), new byte[1000], Cancellation);

        var failure = await Should.ThrowAsync<TorrentException>(engine.Seed(torrent, Cancellation));

        failure.Message.ShouldContain("has 1000 bytes");
        failure.Message.ShouldContain("needs 307200");
    }

    [Fact]
    public async Task Data_longer_than_the_torrent_is_served_and_not_cut_because_data_grows()
    {
        await using var engine = await Engine.Start();
        await using var member = await Engine.Start();
        var torrent = RandomTorrent.Make(folder.Sub("owner"), pieces: 3);
        byte[] longer = [.. torrent.Data(), .. new byte[12_345]];
        await File.WriteAllBytesAsync(Path.Combine(torrent.Root, torrent.DataFile), longer, Cancellation);

        await engine.Seed(torrent, Cancellation);
        var copy = torrent.At(folder.Sub("member"));
        await member.Download(copy, [engine.Peer!], new Reports(), Cancellation);

        copy.Data().ShouldBe(longer[..(3 * RandomTorrent.PieceBytes)]);
        torrent.Data().ShouldBe(longer);
    }

    [Fact]
    public async Task A_shorter_torrent_leaves_the_longer_data_of_a_member_alone()
    {
        await using var engine = await Engine.Start();
        await using var member = await Engine.Start();
        var shorter = RandomTorrent.Make(folder.Sub("owner"), pieces: 3);
        await engine.Seed(shorter, Cancellation);
        var longer = RandomTorrent.Make(folder.Sub("member"), pieces: 6).Data();

        await member.Download(shorter.At(folder.Sub("member")), [engine.Peer!], new Reports(), Cancellation);

        shorter.At(folder.Sub("member")).Data().ShouldBe(longer);
    }

    [Fact]
    public async Task A_successor_takes_over_the_same_data_without_a_moment_in_which_neither_is_served()
    {
        await using var engine = await Engine.Start();
        await using var member = await Engine.Start();
        var older = RandomTorrent.Make(folder.Sub("owner"), pieces: 100);
        await engine.Seed(older, Cancellation);
        var longer = RandomTorrent.Make(folder.Sub("elsewhere"), pieces: 200);
        var successor = longer.At(older.Root);
        await using (var data = new FileStream(older.DataPath, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
            await data.WriteAsync(longer.Data().AsMemory(100 * RandomTorrent.PieceBytes), Cancellation);
        File.Copy(longer.IndexPath, successor.IndexPath);
        var files = Directory.GetFiles(Path.GetDirectoryName(older.DataPath)!).Order().ToList();
        List<int> served = [];

        var change = engine.Seed(successor, Cancellation);
        do served.Add(engine.Session.List().Count(torrent => torrent.State == Native.State.Seeding));
        while (!change.IsCompleted);
        await change;

        served.ShouldAllBe(count => count >= 1);
        engine.List().ShouldHaveSingleItem().InfoHash.ShouldBe(successor.InfoHash);
        Directory.GetFiles(Path.GetDirectoryName(older.DataPath)!).Order().ToList().ShouldBe(files, "the data was not copied");
        var copy = successor.At(folder.Sub("member"));
        await member.Download(copy, [engine.Peer!], new Reports(), Cancellation);
        copy.Data().ShouldBe(longer.Data());
    }

    [Fact]
    public async Task A_failed_change_leaves_the_older_torrent_served()
    {
        await using var engine = await Engine.Start();
        var torrent = RandomTorrent.Make(folder.Path, pieces: 3);
        await engine.Seed(torrent, Cancellation);
        var grown = RandomTorrent.Make(folder.Sub("elsewhere"), pieces: 5).At(folder.Path);

        await Should.ThrowAsync<TorrentException>(engine.Seed(grown, Cancellation));

        engine.List().ShouldHaveSingleItem().InfoHash.ShouldBe(torrent.InfoHash);
    }

    [Fact]
    public async Task Stopping_leaves_the_files_and_says_nothing_about_what_was_not_there()
    {
        await using var engine = await Engine.Start();
        var torrent = RandomTorrent.Make(folder.Path, pieces: 3);
        await engine.Stop(torrent.InfoHash, Cancellation);
        await engine.Seed(torrent, Cancellation);

        await engine.Stop(torrent.InfoHash, Cancellation);

        engine.List().ShouldBeEmpty();
        torrent.Data().Length.ShouldBe(3 * RandomTorrent.PieceBytes);
        await engine.Seed(torrent, Cancellation);
        engine.List().ShouldHaveSingleItem().Seeding.ShouldBeTrue();
    }
}
