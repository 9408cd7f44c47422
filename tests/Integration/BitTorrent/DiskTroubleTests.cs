using EventArchive.Archives;
using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Tests.Integration.Cli;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>A disk that goes away under a seeder: it stops, says so, fetches nothing in its place, and goes on when the disk is back.</summary>
public sealed class DiskTroubleTests : IDisposable
{
    private const long TotalBytes = (6 * RandomTorrent.PieceBytes) + 5_000;

    private static readonly BitTorrentOptions Watchful = new() { DiskCheckInterval = TimeSpan.FromMilliseconds(200) };

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("the root is gone")]
    [InlineData("the root is empty")]
    [InlineData("data is gone")]
    [InlineData("data is cut off")]
    public async Task A_seed_whose_files_go_away_is_not_served_and_comes_back_with_them(string what)
    {
        await using var engine = await Engine.Start(Watchful);
        await using var member = await Engine.Start();
        var torrent = RandomTorrent.Make(folder.Sub("root"), pieces: 6);
        await engine.Seed(torrent, Cancellation);
        var aside = Path.Combine(folder.Path, "aside");

        Action restore = what switch
        {
            "data is gone" => MoveAside(torrent.DataPath, aside),
            "data is cut off" => CutOff(torrent.DataPath),
            _ => MoveAside(torrent.Root, aside),
        };
        if (what == "the root is empty")
            Directory.CreateDirectory(torrent.Root);
        await Eventually.Is(() => engine.List().Single().Fault is not null, "the torrent is taken out");

        var status = engine.List().Single();
        (status.Seeding, status.DoneBytes, status.TotalBytes, status.Peers).ShouldBe((false, TotalBytes, TotalBytes, 0));
        await Eventually.Is(() => engine.Session.List().Count == 0, "nothing is checked or fetched meanwhile");
        if (what == "the root is empty")
        {
            Directory.EnumerateFileSystemEntries(torrent.Root).ShouldBeEmpty("nothing is made in its place");
            Directory.Delete(torrent.Root);
        }
        restore();
        await Eventually.Is(() => engine.List().Single() is { Seeding: true, Fault: null }, "the torrent is served again");
        var copy = torrent.At(folder.Sub("member"));
        await member.Download(copy, [engine.Peer!], new Reports(), Cancellation);
        copy.Data().ShouldBe(torrent.Data());
    }

    [Fact]
    public async Task A_seed_whose_files_are_there_and_cannot_be_read_is_not_served_and_comes_back_when_they_can()
    {
        var torrent = RandomTorrent.Make(folder.Sub("root"), pieces: 6, indexBytes: 20);
        await using (var before = await Engine.Start())
            await before.Seed(torrent, Cancellation);
        await using var engine = await Engine.Start(Watchful);
        await using var member = await Engine.Start(new BitTorrentOptions { StallTimeout = TimeSpan.FromSeconds(5) });
        await engine.Seed(torrent, Cancellation);
        var copy = torrent.At(folder.Sub("member"));
        var wholeBytes = engine.List().Single().TotalBytes;
        // A link is not followed, so it fails as a bad disk does, when it is read; and it is as long as the path in it.
        var aside = Path.Combine(folder.Path, "aside");
        var restore = MoveAside(torrent.IndexPath, aside);
        File.CreateSymbolicLink(torrent.IndexPath, aside);

        await Should.ThrowAsync<TorrentException>(member.Download(copy, [engine.Peer!], new Reports(), Cancellation));

        await Eventually.Is(() => engine.List().Single().Fault is not null, "the torrent is taken out");
        await Eventually.Is(() => engine.List().Single().Fault!.Contains("failed on the disk"), "it is tried again, in vain");
        var status = engine.List().Single();
        status.Fault.ShouldNotBeNull().ShouldContain($"{torrent.IndexPath}: Too many levels of symbolic links");
        (status.Seeding, status.DoneBytes, status.Peers).ShouldBe((false, wholeBytes, 0));
        File.ResolveLinkTarget(torrent.IndexPath, returnFinalTarget: false).ShouldNotBeNull("nothing is made in its place");

        File.Delete(torrent.IndexPath);
        restore();
        await Eventually.Is(() => engine.List().Single() is { Seeding: true, Fault: null }, "the torrent is served again");
        await member.Download(copy, [engine.Peer!], new Reports(), Cancellation);
        copy.Data().ShouldBe(torrent.Data());
    }

    [Fact]
    public async Task Asking_to_seed_what_is_away_fails_and_leaves_it_to_come_back()
    {
        await using var engine = await Engine.Start(Watchful);
        var torrent = RandomTorrent.Make(folder.Sub("root"), pieces: 6);
        await engine.Seed(torrent, Cancellation);
        var restore = MoveAside(torrent.DataPath, Path.Combine(folder.Path, "aside"));
        await Eventually.Is(() => engine.List().Single().Fault is not null, "the torrent is taken out");

        await Should.ThrowAsync<TorrentException>(engine.Seed(torrent, Cancellation));

        engine.List().Single().Fault.ShouldNotBeNull().ShouldContain("is missing");
        restore();
        await Eventually.Is(() => engine.List().Single() is { Seeding: true, Fault: null }, "the torrent is served again");
    }

    [Fact]
    public async Task A_download_that_became_a_seed_is_not_fetched_again_when_its_files_go_away()
    {
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start(Watchful);
        var torrent = RandomTorrent.Make(folder.Sub("owner"), pieces: 6);
        await owner.Seed(torrent, Cancellation);
        var copy = torrent.At(folder.Sub("member"));
        await member.Download(copy, [owner.Peer!], new Reports(), Cancellation);

        File.Delete(copy.DataPath);
        await Eventually.Is(() => member.List().Single().Fault is not null, "the torrent is taken out");

        member.List().Single().Fault.ShouldNotBeNull().ShouldContain($"{copy.DataPath} is missing");
        File.Exists(copy.DataPath).ShouldBeFalse();
        await member.Stop(copy.InfoHash, Cancellation);
        member.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_torrent_that_is_stopped_while_its_files_are_away_stays_stopped()
    {
        await using var engine = await Engine.Start(Watchful);
        var torrent = RandomTorrent.Make(folder.Sub("root"), pieces: 6);
        await engine.Seed(torrent, Cancellation);
        var restore = MoveAside(torrent.DataPath, Path.Combine(folder.Path, "aside"));
        await Eventually.Is(() => engine.List().Single().Fault is not null, "the torrent is taken out");

        await engine.Stop(torrent.InfoHash, Cancellation);
        restore();

        engine.List().ShouldBeEmpty();
        await engine.Seed(torrent, Cancellation);
        engine.List().Single().Fault.ShouldBeNull();
    }

    [Fact]
    public async Task A_download_stops_at_the_floor_of_free_space_and_names_it()
    {
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start(new BitTorrentOptions { MinFreeBytes = long.MaxValue });
        var torrent = RandomTorrent.Make(folder.Sub("owner"), pieces: 6);
        await owner.Seed(torrent, Cancellation);
        var copy = torrent.At(folder.Sub("member"));

        var failure = await Should.ThrowAsync<TorrentException>(member.Download(copy, [owner.Peer!], new Reports(), Cancellation));

        failure.Message.ShouldContain("BitTorrent:MinFreeBytes");
        File.Exists(copy.DataPath).ShouldBeFalse();
        member.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_that_can_only_be_read_is_seeded_from()
    {
        using var disk = SmallDisk.Mount(2_000_000);
        await using var engine = await Engine.Start();
        await using var member = await Engine.Start();
        var torrent = RandomTorrent.Make(disk.Path, pieces: 6);
        disk.Remount("ro");

        await engine.Seed(torrent, Cancellation);

        var copy = torrent.At(folder.Sub("member"));
        await member.Download(copy, [engine.Peer!], new Reports(), Cancellation);
        copy.Data().ShouldBe(torrent.Data());
        await engine.DisposeAsync();

        var root = new ArchiveRoot(new ArchiveTreeOptions { Root = disk.Path });
        root.FindFault().ShouldBeNull();
        root.FindWriteFault().ShouldNotBeNull().ShouldContain("Read-only file system");
        var tree = new ArchiveTree(new ArchiveTreeOptions { Root = disk.Path }, NullLogger<ArchiveTree>.Instance);
        await Should.ThrowAsync<ArchiveRootMissingException>(tree.Complete(torrent, Cancellation), "no try is counted against the work");
        disk.Remount("rw");
        root.FindWriteFault().ShouldBeNull();
    }

    [Fact]
    public async Task A_full_disk_ends_a_download_with_its_reason_and_room_lets_it_go_on()
    {
        using var disk = SmallDisk.Mount(4 * RandomTorrent.PieceBytes);
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start(new BitTorrentOptions { MinFreeBytes = 0 });
        var torrent = RandomTorrent.Make(folder.Sub("owner"), pieces: 10);
        await owner.Seed(torrent, Cancellation);
        var copy = torrent.At(disk.Path);

        var failure = await Should.ThrowAsync<TorrentException>(member.Download(copy, [owner.Peer!], new Reports(), Cancellation));

        failure.Message.ShouldContain("No space left on device");
        disk.Remount("size=4000000");
        await member.Download(copy, [owner.Peer!], new Reports(), Cancellation);
        copy.Data().ShouldBe(torrent.Data());
        member.Session.Find(copy.InfoHash)!.Status.ReceivedBytes.ShouldBeLessThan(10 * RandomTorrent.PieceBytes, "what was there stayed");
        await member.DisposeAsync();
    }

    private static Action MoveAside(string path, string aside)
    {
        Directory.Move(path, aside);
        return () => Directory.Move(aside, path);
    }

    private static Action CutOff(string path)
    {
        var bytes = File.ReadAllBytes(path);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(1_000);
        return () => File.WriteAllBytes(path, bytes);
    }
}
