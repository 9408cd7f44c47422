using EventArchive.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>libtorrent leaves peers of the local network out of its limits, unless it is told otherwise.</summary>
public sealed class RateLimitTests : IDisposable
{
    private const int Limit = 400_000;
    private const int Burst = 3 * Limit;
    private const int Pieces = 25;

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public Task An_upload_limit_holds_for_peers_of_the_local_network_too() =>
        ShouldHold(new BitTorrentOptions { UploadBytesPerSecond = Limit }, new BitTorrentOptions());

    [Fact]
    public Task A_download_limit_holds_for_peers_of_the_local_network_too() =>
        ShouldHold(new BitTorrentOptions(), new BitTorrentOptions { DownloadBytesPerSecond = Limit });

    private async Task ShouldHold(BitTorrentOptions seeding, BitTorrentOptions fetching)
    {
        await using var owner = await Engine.Start(seeding);
        await using var member = await Engine.Start(fetching);
        owner.Session.Setting("upload_rate_limit").ShouldBe($"{seeding.UploadBytesPerSecond}");
        member.Session.Setting("download_rate_limit").ShouldBe($"{fetching.DownloadBytesPerSecond}");
        var owned = RandomTorrent.Make(folder.Sub("owner"), Pieces);
        await owner.Seed(owned, Cancellation);
        var started = TimeProvider.System.GetTimestamp();
        var download = member.Download(owned.At(folder.Sub("member")), [owner.Peer!], new Reports(), Cancellation);

        // No machine is too slow for this: there may be no more than the limit allows for the time that has passed.
        await Eventually.Is(
            () =>
            {
                ShouldBeAllowed(member.List().Sum(torrent => torrent.ReceivedBytes));
                return download.IsCompleted;
            },
            "all is there",
            seconds: 120
        );
        await download;
        ShouldBeAllowed(Pieces * RandomTorrent.PieceBytes);

        void ShouldBeAllowed(long received) =>
            received.ShouldBeLessThan((long)(Limit * TimeProvider.System.GetElapsedTime(started).TotalSeconds) + Burst);
    }
}
