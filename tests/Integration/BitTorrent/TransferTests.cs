using System.Net;
using EventArchive.BitTorrent;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>Engines of ours among themselves, on loopback.</summary>
public sealed class TransferTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_member_with_only_the_magnet_gets_the_same_bytes_and_serves_them_on()
    {
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 40);
        var owner = await Engine.Start();
        await using var member = await Engine.Start();
        await using var third = await Engine.Start();
        await owner.Seed(owned, Cancellation);
        var magnet = owned.Magnet(owner.Peer!);

        var info = await member.FetchMetadata(magnet, Cancellation);
        var copy = owned.At(folder.Sub("member")) with { TorrentFile = RandomTorrent.TorrentFile(info) };
        await member.DownloadIndex(copy, magnet.Peers, Cancellation);

        copy.Index().ShouldBe(owned.Index());
        File.Exists(Path.Combine(copy.Root, copy.DataFile)).ShouldBeFalse("the data is not wanted yet");
        var reports = new Reports();
        await member.Download(copy, magnet.Peers, reports, Cancellation);

        copy.Data().ShouldBe(owned.Data());
        var last = reports.All[^1];
        last.TotalBytes.ShouldBe((40 * RandomTorrent.PieceBytes) + 5_000);
        last.DoneBytes.ShouldBe(last.TotalBytes);
        last.Pieces.ShouldBe(Enumerable.Repeat(true, 41));
        reports.All.Select(report => report.DoneBytes).ShouldBeInOrder();
        member.List().ShouldHaveSingleItem().Seeding.ShouldBeTrue();

        await owner.DisposeAsync();
        var onward = owned.At(folder.Sub("third"));
        await third.Download(onward, [member.Peer!], new Reports(), Cancellation);
        onward.Data().ShouldBe(owned.Data());
        onward.Index().ShouldBe(owned.Index());
        await Eventually.Is(() => member.List().Single().UploadedBytes >= last.TotalBytes, "what was sent is counted");
    }

    [Fact]
    public async Task Each_torrent_tells_its_peers_its_bytes_and_when_it_was_last_active()
    {
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start();
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 10);
        await owner.Seed(owned, Cancellation);
        var idle = owner.List().ShouldHaveSingleItem();
        (idle.CommunityId, idle.Peers, idle.UploadedBytes, idle.Ratio, idle.LastActive).ShouldBe((owned.CommunityId, 0, 0, 0, null));
        var started = TimeProvider.System.GetUtcNow();

        await member.Download(owned.At(folder.Sub("member")), [owner.Peer!], new Reports(), Cancellation);

        const long total = (10 * RandomTorrent.PieceBytes) + 5_000;
        await Eventually.Is(() => owner.List().Single().UploadedBytes >= total, "what was sent is counted");
        var served = owner.List().Single();
        served.Ratio.ShouldBe((double)served.UploadedBytes / total);
        served.LastActive.ShouldNotBeNull().ShouldBeInRange(started.AddSeconds(-2), started.AddMinutes(2));
        var fetched = member.List().Single();
        (fetched.ReceivedBytes, fetched.DoneBytes, fetched.TotalBytes).ShouldBe((total, total, total));
        fetched.LastActive.ShouldNotBeNull();
        (served.Peers + fetched.Peers).ShouldBeInRange(0, 2);
    }

    [Fact]
    public async Task A_grown_torrent_fetches_only_what_is_new_because_the_old_pieces_verify()
    {
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start();
        var first = RandomTorrent.Make(folder.Sub("owner"), pieces: 30);
        await owner.Seed(first, Cancellation);
        var mine = first.At(folder.Sub("member"));
        await member.Download(mine, [owner.Peer!], new Reports(), Cancellation);

        var grown = RandomTorrent.Make(first.Root, pieces: 36);
        await owner.Seed(grown, Cancellation);
        owner.List().ShouldHaveSingleItem().InfoHash.ShouldBe(grown.InfoHash, "one torrent of a community is served");
        var copy = grown.At(mine.Root);
        await member.DownloadIndex(copy, [owner.Peer!], Cancellation);
        await member.Download(copy, [owner.Peer!], new Reports(), Cancellation);

        copy.Data().ShouldBe(grown.Data());
        copy.Index().ShouldBe(grown.Index());
        mine.Index().ShouldBe(first.Index(), "each torrent has an index of its own");
        member.List().ShouldHaveSingleItem().InfoHash.ShouldBe(grown.InfoHash);
        var added = (6 * RandomTorrent.PieceBytes) + 5_000;
        member.Session.Find(grown.InfoHash)!.Status.ReceivedBytes.ShouldBeInRange(added, added + RandomTorrent.PieceBytes);
    }

    [Fact]
    public async Task The_older_torrent_is_served_until_its_successor_is_there_so_that_there_is_no_gap()
    {
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start();
        await using var third = await Engine.Start();
        var first = RandomTorrent.Make(folder.Sub("owner"), pieces: 10);
        await owner.Seed(first, Cancellation);
        var mine = first.At(folder.Sub("member"));
        await member.Download(mine, [owner.Peer!], new Reports(), Cancellation);
        var grown = RandomTorrent.Make(first.Root, pieces: 20);
        await owner.Seed(grown, Cancellation);
        await using var relay = new Relay(owner.Peer!, letThrough: 4 * RandomTorrent.PieceBytes);
        var copy = grown.At(mine.Root);
        var growing = member.Download(copy, [relay.Peer], new Reports(), Cancellation);
        await Eventually.Is(() => relay.Holds, "the successor is under way");

        var theirs = first.At(folder.Sub("third"));
        await third.Download(theirs, [member.Peer!], new Reports(), Cancellation);

        theirs.Data().ShouldBe(first.Data()[..(10 * RandomTorrent.PieceBytes)]);
        relay.Open();
        await growing;
        member.List().ShouldHaveSingleItem().InfoHash.ShouldBe(grown.InfoHash);
        copy.Data().ShouldBe(grown.Data());
    }

    [Fact]
    public async Task A_cancelled_download_goes_on_in_a_new_process_where_it_stopped()
    {
        await using var owner = await Engine.Start();
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 60);
        await owner.Seed(owned, Cancellation);
        var copy = owned.At(folder.Sub("member"));
        await using (var relay = new Relay(owner.Peer!, letThrough: 30 * RandomTorrent.PieceBytes))
        await using (var member = await Engine.Start())
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var download = member.Download(copy, [relay.Peer], new Reports(), cancel.Token);
            await Eventually.Is(
                () => member.List() is [{ DoneBytes: > 12 * RandomTorrent.PieceBytes }] && relay.Holds,
                "a part has arrived"
            );
            await cancel.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(download);
            member.List().ShouldBeEmpty("a cancelled download does not go on behind our back");
        }

        await using var again = await Engine.Start();
        await again.Download(copy, [owner.Peer!], new Reports(), Cancellation);

        copy.Data().ShouldBe(owned.Data());
        again.Session.Find(owned.InfoHash)!.Status.ReceivedBytes.ShouldBeLessThan(50 * RandomTorrent.PieceBytes, "ten pieces were there");
    }

    [Fact]
    public async Task A_lost_connection_is_made_again_because_the_magnet_names_the_peer()
    {
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start();
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 40);
        await owner.Seed(owned, Cancellation);
        await using var relay = new Relay(owner.Peer!, letThrough: 20 * RandomTorrent.PieceBytes);
        var copy = owned.At(folder.Sub("member"));
        var download = member.Download(copy, [relay.Peer], new Reports(), Cancellation);
        await Eventually.Is(() => relay.Holds, "half of it was sent");

        relay.Drop();
        relay.Open();
        await download;

        copy.Data().ShouldBe(owned.Data());
        relay.Connections.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_peer_that_refuses_at_first_is_tried_again_because_it_may_start_later()
    {
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start();
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 5);
        await owner.Seed(owned, Cancellation);
        var free = new PeerAddress(IPAddress.Loopback, FreePort.Next());
        var copy = owned.At(folder.Sub("member"));
        var reports = new Reports();
        var download = member.Download(copy, [free], reports, Cancellation);
        await Eventually.Is(() => reports.All.Count >= 3, "two tries failed");

        await using var relay = new Relay(owner.Peer!, long.MaxValue, free.Port);
        await download;

        copy.Data().ShouldBe(owned.Data());
    }

    [Fact]
    public async Task A_download_that_stands_still_fails_and_names_the_peer_to_look_at()
    {
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start(new BitTorrentOptions { StallTimeout = TimeSpan.FromSeconds(2) });
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 20);
        await owner.Seed(owned, Cancellation);
        await using var relay = new Relay(owner.Peer!, letThrough: 5 * RandomTorrent.PieceBytes);

        var failure = await Should.ThrowAsync<TorrentException>(
            member.Download(owned.At(folder.Sub("member")), [relay.Peer], new Reports(), Cancellation)
        );

        failure.Message.ShouldContain("Nothing of torrent");
        failure.Message.ShouldContain(relay.Peer.ToString());
        member.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stopped_download_fails_and_can_be_taken_up_again()
    {
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start();
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 20);
        await owner.Seed(owned, Cancellation);
        await using var relay = new Relay(owner.Peer!, letThrough: 5 * RandomTorrent.PieceBytes);
        var copy = owned.At(folder.Sub("member"));
        var download = member.Download(copy, [relay.Peer], new Reports(), Cancellation);
        await Eventually.Is(() => relay.Holds, "it is under way");

        await member.Stop(owned.InfoHash, Cancellation);
        (await Should.ThrowAsync<TorrentException>(download)).Message.ShouldContain("stopped");
        await member.Stop(owned.InfoHash, Cancellation);
        relay.Open();
        await member.Download(copy, [relay.Peer], new Reports(), Cancellation);

        copy.Data().ShouldBe(owned.Data());
    }

    [Fact]
    public async Task Shutting_down_ends_a_download_with_a_reason()
    {
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start();
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 20);
        await owner.Seed(owned, Cancellation);
        await using var relay = new Relay(owner.Peer!, letThrough: 5 * RandomTorrent.PieceBytes);
        var download = member.Download(owned.At(folder.Sub("member")), [relay.Peer], new Reports(), Cancellation);
        await Eventually.Is(() => relay.Holds, "it is under way");

        await member.DisposeAsync();

        (await Should.ThrowAsync<TorrentException>(download)).Message.ShouldContain("shut");
        Should.Throw<TorrentException>(() => member.List()).Message.ShouldContain("not running");
    }

    [Fact]
    public async Task Every_call_may_be_repeated_because_deliveries_are()
    {
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start();
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 8);
        await Task.WhenAll(owner.Seed(owned, Cancellation), owner.Seed(owned, Cancellation));
        await owner.Seed(owned, Cancellation);
        var magnet = owned.Magnet(owner.Peer!);
        var both = await Task.WhenAll(member.FetchMetadata(magnet, Cancellation), member.FetchMetadata(magnet, Cancellation));
        both[0].ShouldBe(both[1]);
        var copy = owned.At(folder.Sub("member"));
        await Task.WhenAll(
            member.Download(copy, magnet.Peers, new Reports(), Cancellation),
            member.DownloadIndex(copy, magnet.Peers, Cancellation),
            member.Download(copy, magnet.Peers, new Reports(), Cancellation)
        );
        await member.Seed(copy, Cancellation);
        (await member.FetchMetadata(magnet, Cancellation)).ShouldBe(both[0]);

        member.List().ShouldHaveSingleItem().Seeding.ShouldBeTrue();
        copy.Data().ShouldBe(owned.Data());
    }

    [Fact]
    public async Task A_fetch_can_be_cancelled_while_it_waits_for_metadata_or_index_and_leaves_nothing_behind()
    {
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start();
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 5);
        await owner.Seed(owned, Cancellation);
        await using var relay = new Relay(owner.Peer!, letThrough: 0);

        await ShouldEnd(cancellation => member.FetchMetadata(owned.Magnet(relay.Peer), cancellation), connections: 1);
        await ShouldEnd(cancellation => member.DownloadIndex(owned.At(folder.Sub("member")), [relay.Peer], cancellation), connections: 2);

        async Task ShouldEnd(Func<CancellationToken, Task> fetch, int connections)
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var fetching = fetch(cancel.Token);
            await Eventually.Is(() => relay.Connections >= connections, "it is under way");
            await cancel.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(fetching);
            member.Session.List().ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_download_beyond_the_limit_asks_nobody_until_one_is_over_and_can_be_cancelled_meanwhile()
    {
        await using var owner = await Engine.Start();
        await using var member = await Engine.Start(new BitTorrentOptions { MaxDownloads = 1 });
        await using var unlimited = await Engine.Start();
        var first = RandomTorrent.Make(folder.Sub("first"), pieces: 20);
        var second = RandomTorrent.Make(folder.Sub("second"), pieces: 10) with
        {
            CommunityId = CommunityId.Parse("0x03" + string.Concat(Enumerable.Repeat("cd", 32))),
        };
        await owner.Seed(first, Cancellation);
        await owner.Seed(second, Cancellation);
        await using var slow = new Relay(owner.Peer!, letThrough: 5 * RandomTorrent.PieceBytes);
        await using var waited = new Relay(owner.Peer!, long.MaxValue);
        var (mine, theirs) = (first.At(folder.Sub("member")), second.At(folder.Sub("waiting")));

        var running = member.Download(mine, [slow.Peer], new Reports(), Cancellation);
        await Eventually.Is(() => slow.Holds, "the first is under way");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var given = member.Download(second.At(folder.Sub("given up")), [waited.Peer], new Reports(), cancel.Token);
        var waiting = member.Download(theirs, [waited.Peer], new Reports(), Cancellation);
        // In the time in which another engine fetches it whole.
        await unlimited.Download(second.At(folder.Sub("unlimited")), [owner.Peer!], new Reports(), Cancellation);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(given);
        waited.Connections.ShouldBe(0);

        slow.Open();
        await Task.WhenAll(running, waiting);
        mine.Data().ShouldBe(first.Data());
        theirs.Data().ShouldBe(second.Data());
    }
}
