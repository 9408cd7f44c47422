using EventArchive.BitTorrent;
using EventArchive.Handlers;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>What was verified once need not be hashed again, and is not trusted further than that.</summary>
public sealed class ResumeTests : IDisposable
{
    private const long TotalBytes = (20 * RandomTorrent.PieceBytes) + 5_000;

    private static readonly BitTorrentOptions Watchful = new()
    {
        DiskCheckInterval = TimeSpan.FromMilliseconds(200),
        SpotCheckedPieces = 0,
    };

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Files_of_known_size_and_time_are_not_hashed_at_a_restart_and_a_piece_changed_in_secret_is_never_sent()
    {
        var torrent = await Seeded();
        Flip(torrent, piece: 7, keepTime: true);
        await using var engine = await Engine.Start(Watchful);
        await using var member = await Engine.Start(new BitTorrentOptions { StallTimeout = TimeSpan.FromSeconds(5) });

        await engine.Seed(torrent, Cancellation);
        engine.List().ShouldHaveSingleItem().Seeding.ShouldBeTrue("nothing was hashed");
        var copy = torrent.At(folder.Sub("member"));
        await Should.ThrowAsync<TorrentException>(member.Download(copy, [engine.Peer!], new Reports(), Cancellation));

        await Eventually.Is(() => engine.List().Single().Fault is not null, "the torrent is taken out");
        var damaged = engine.List().Single();
        damaged.Fault.ShouldNotBeNull().ShouldContain("archive verify");
        (damaged.Seeding, damaged.DoneBytes).ShouldBe((false, TotalBytes));

        Flip(torrent, piece: 7, keepTime: false);
        await Eventually.Is(() => engine.List().Single() is { Seeding: true, Fault: null }, "the restored file is served");
        await member.Download(copy, [engine.Peer!], new Reports(), Cancellation);
        copy.Data().ShouldBe(torrent.Data());
    }

    [Fact]
    public async Task A_spot_check_finds_a_torn_end_although_size_and_time_fit()
    {
        var torrent = await Seeded();
        Flip(torrent, piece: 19, keepTime: true);
        await using var engine = await Engine.Start(Watchful);

        var failure = await Should.ThrowAsync<TorrentException>(engine.Seed(torrent, Cancellation));

        failure.Message.ShouldContain("1 of 21 pieces differ, the first is piece 19");
    }

    [Fact]
    public async Task A_file_of_another_time_is_hashed_whole()
    {
        var torrent = await Seeded();
        Flip(torrent, piece: 3, keepTime: false);
        await using var engine = await Engine.Start(Watchful);

        var failure = await Should.ThrowAsync<TorrentException>(engine.Seed(torrent, Cancellation));

        failure.Message.ShouldContain("the first is piece 3");
    }

    [Fact]
    public async Task What_was_sent_is_counted_over_restarts()
    {
        var torrent = await Seeded();
        await using (var engine = await Engine.Start())
        await using (var member = await Engine.Start())
        {
            await engine.Seed(torrent, Cancellation);
            await member.Download(torrent.At(folder.Sub("member")), [engine.Peer!], new Reports(), Cancellation);
            await Eventually.Is(() => engine.List().Single().UploadedBytes >= TotalBytes, "what was sent is counted");
        }

        await using var again = await Engine.Start();
        await again.Seed(torrent, Cancellation);

        again.List().Single().UploadedBytes.ShouldBeGreaterThanOrEqualTo(TotalBytes);
        again.List().Single().Ratio.ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_complete_download_that_is_asked_for_again_needs_no_peer()
    {
        await using (var owner = await Engine.Start())
        await using (var member = await Engine.Start())
        {
            var torrent = RandomTorrent.Make(folder.Sub("owner"), pieces: 20);
            await owner.Seed(torrent, Cancellation);
            await member.Download(torrent.At(folder.Sub("member")), [owner.Peer!], new Reports(), Cancellation);
        }
        var copy = RandomTorrent.Make(folder.Sub("owner"), pieces: 20).At(folder.Sub("member"));

        await using var again = await Engine.Start();
        await again.DownloadIndex(copy, [], Cancellation);
        await again.Download(copy, [], new Reports(), Cancellation);

        again.List().ShouldHaveSingleItem().Seeding.ShouldBeTrue();
    }

    /// <summary>A torrent that an engine has verified and seeded before.</summary>
    private async Task<TorrentContent> Seeded()
    {
        var torrent = RandomTorrent.Make(folder.Sub("owner"), pieces: 20);
        await using var engine = await Engine.Start();
        await engine.Seed(torrent, Cancellation);
        return torrent;
    }

    private static void Flip(TorrentContent torrent, int piece, bool keepTime)
    {
        var time = File.GetLastWriteTimeUtc(torrent.DataPath);
        using (var file = new FileStream(torrent.DataPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.Position = piece * RandomTorrent.PieceBytes;
            var value = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(value ^ 1));
        }
        // Not left to the clock's steps: a second change may fall into the same one.
        File.SetLastWriteTimeUtc(torrent.DataPath, keepTime ? time : time.AddSeconds(1));
    }
}
