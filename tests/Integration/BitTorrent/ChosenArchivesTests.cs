using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>Of a torrent with four archives of ten pieces each some are fetched, by their pieces.</summary>
public sealed class ChosenArchivesTests : IAsyncLifetime
{
    private const int Pieces = 10;
    private const int IndexBytes = 5_000;
    private const long ArchiveBytes = Pieces * RandomTorrent.PieceBytes;

    private static readonly ArchiveEntry[] Archives =
    [
        .. Enumerable
            .Range(0, 4)
            .Select(number => new ArchiveEntry(
                ArchiveId.Parse($"0x{number:x64}"),
                (ulong)number,
                (ulong)number + 1,
                number * ArchiveBytes,
                ArchiveBytes,
                0
            )),
    ];

    private readonly TempFolder folder = new();
    private LibtorrentEngine owner = null!;
    private LibtorrentEngine member = null!;
    private TorrentContent owned = null!;
    private TorrentContent copy = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        owner = await Engine.Start();
        member = await Engine.Start();
        owned = RandomTorrent.Make(folder.Sub("owner"), 4 * Pieces, IndexBytes);
        copy = owned.At(folder.Sub("member"));
        await owner.Seed(owned, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await owner.DisposeAsync();
        await member.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Pieces_of_archives_that_were_not_chosen_are_not_fetched()
    {
        await using var relay = new Relay(owner.Peer!, long.MaxValue);
        var reports = new Reports();

        await member.DownloadIndex(copy, [relay.Peer], Cancellation);
        await member.Download(copy, [relay.Peer], DataChoice.Only([Archives[1]]), reports, Cancellation);

        var last = reports.All[^1];
        last.Pieces.ShouldBe(There(1));
        (last.DoneBytes, last.TotalBytes).ShouldBe((ArchiveBytes + IndexBytes, ArchiveBytes + IndexBytes));
        Archives.Select(last.DoneBytesOf).ShouldBe([0, ArchiveBytes, 0, 0]);
        member.Session.Find(copy.InfoHash)!.Status.ReceivedBytes.ShouldBe(ArchiveBytes + IndexBytes);
        relay.Passed.ShouldBeInRange(ArchiveBytes, ArchiveBytes + RandomTorrent.PieceBytes, "what is sent is what is chosen");
        Slot(copy, 1).ShouldBe(Slot(owned, 1));
        Slot(copy, 0).ShouldAllBe(one => one == 0, "a hole");
        copy.Index().ShouldBe(owned.Index());
    }

    [Fact]
    public async Task The_newest_archive_is_whole_before_the_oldest_has_begun()
    {
        await using var relay = new Relay(owner.Peer!, letThrough: (Pieces + 6) * RandomTorrent.PieceBytes);
        var reports = new Reports();

        await member.DownloadIndex(copy, [relay.Peer], Cancellation);
        var download = member.Download(copy, [relay.Peer], DataChoice.NewestFirst(Archives), reports, Cancellation);
        await Eventually.Is(() => reports.All.Any(report => report.DoneBytesOf(Archives[3]) == ArchiveBytes), "the newest is whole");

        reports.All[^1].DoneBytesOf(Archives[0]).ShouldBe(0);
        relay.Open();
        await download;
        copy.Data().ShouldBe(owned.Data());
        member.List().ShouldHaveSingleItem().Seeding.ShouldBeTrue("everything was fetched in the end");
    }

    [Fact]
    public async Task A_part_is_given_to_whoever_asks_and_the_rest_is_fetched_later_without_it()
    {
        await using var third = await Engine.Start();
        await member.Download(copy, [owner.Peer!], DataChoice.Only([Archives[0], Archives[2]]), new Reports(), Cancellation);
        member.List().ShouldHaveSingleItem().Seeding.ShouldBeFalse("it is not whole");

        var theirs = owned.At(folder.Sub("third"));
        await third.Download(theirs, [member.Peer!], DataChoice.Only([Archives[2]]), new Reports(), Cancellation);
        Slot(theirs, 2).ShouldBe(Slot(owned, 2));

        await member.Download(copy, [owner.Peer!], DataChoice.NewestFirst(Archives), new Reports(), Cancellation);
        copy.Data().ShouldBe(owned.Data());
        member.List().ShouldHaveSingleItem().Seeding.ShouldBeTrue();
        member.Session.Find(copy.InfoHash)!.Status.ReceivedBytes.ShouldBe((4 * ArchiveBytes) + IndexBytes, "nothing came twice");
    }

    [Fact]
    public async Task A_part_goes_on_in_a_new_process_where_it_stopped_and_needs_no_peer_once_it_is_there()
    {
        var choice = DataChoice.Only([Archives[3]]);
        await using (var relay = new Relay(owner.Peer!, letThrough: 6 * RandomTorrent.PieceBytes))
        {
            var download = member.Download(copy, [relay.Peer], choice, new Reports(), Cancellation);
            await Eventually.Is(() => member.List() is [{ DoneBytes: > 4 * RandomTorrent.PieceBytes }] && relay.Holds, "a part of it came");
            await member.DisposeAsync();
            await Should.ThrowAsync<TorrentException>(download);
        }

        await using (var again = await Engine.Start())
        {
            var reports = new Reports();
            await again.Download(copy, [owner.Peer!], choice, reports, Cancellation);
            reports.All[^1].Pieces.ShouldBe(There(3));
            again.Session.Find(copy.InfoHash)!.Status.ReceivedBytes.ShouldBeLessThan((Pieces - 2) * RandomTorrent.PieceBytes);
        }
        await using var last = await Engine.Start();
        await last.Download(copy, [], choice, new Reports(), Cancellation);
        Slot(copy, 3).ShouldBe(Slot(owned, 3));
    }

    [Fact]
    public async Task A_whole_torrent_is_served_on_while_a_part_of_its_successor_is_fetched()
    {
        await using var earlier = await Engine.Start();
        var first = RandomTorrent.Make(folder.Sub("earlier"), pieces: 2 * Pieces);
        await earlier.Seed(first, Cancellation);
        await member.Download(first.At(copy.Root), [earlier.Peer!], new Reports(), Cancellation);

        await member.Download(copy, [owner.Peer!], DataChoice.Only([Archives[3]]), new Reports(), Cancellation);

        member.List().Single(status => status.InfoHash == first.InfoHash).Seeding.ShouldBeTrue("it is still the community's whole torrent");
        member.List().Single(status => status.InfoHash == owned.InfoHash).Seeding.ShouldBeFalse();
        Slot(copy, 3).ShouldBe(Slot(owned, 3));
        Slot(copy, 1).ShouldBe(Slot(owned, 1), "both share one data file");
    }

    private static byte[] Slot(TorrentContent torrent, int archive) =>
        torrent.Data()[(int)(archive * ArchiveBytes)..(int)((archive + 1) * ArchiveBytes)];

    /// <summary>The pieces of these archives, and that of the index.</summary>
    private static IEnumerable<bool> There(params int[] archives) =>
        Enumerable.Range(0, (4 * Pieces) + 1).Select(piece => piece == 4 * Pieces || archives.Contains(piece / Pieces));
}
