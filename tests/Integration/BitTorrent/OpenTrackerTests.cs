using EventArchive.BitTorrent;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

public sealed class OpenTrackerTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("http")]
    [InlineData("udp")]
    public async Task Three_nodes_that_know_no_address_find_each_other_through_a_private_tracker(string scheme)
    {
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 10);
        await using var tracker = await OpenTracker.Start(owned);
        var options = new BitTorrentOptions { Discovery = Discovery.Trackers, Trackers = [tracker.Announce(scheme)] };
        var owner = await Engine.Start(options);
        await owner.Seed(owned, Cancellation);
        await Until(() => tracker.Complete(owned.InfoHash), copies => copies >= 1);

        await using var first = await Engine.Start(options);
        (await first.FetchMetadata(owned.Magnet(), Cancellation)).ShouldNotBeEmpty();
        var copy = owned.At(folder.Sub("first"));
        await first.Download(copy, [], new Reports(), Cancellation);
        copy.Data().ShouldBe(owned.Data());
        await Until(() => tracker.Complete(owned.InfoHash), copies => copies >= 2);
        await owner.DisposeAsync();

        await using var second = await Engine.Start(options);
        var onward = owned.At(folder.Sub("second"));
        await second.Download(onward, [], new Reports(), Cancellation);

        onward.Data().ShouldBe(owned.Data());
        onward.Index().ShouldBe(owned.Index());
        first.List().Single().UploadedBytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_tracker_forgets_the_last_torrent_and_ends_with_its_container()
    {
        var owned = RandomTorrent.Make(folder.Sub("owner"), pieces: 1);
        await using var tracker = await OpenTracker.Start(owned);

        await tracker.Forget(owned.InfoHash);

        (await tracker.Stop(Cancellation)).ShouldBe(0);
    }

    private static Task Until(Func<Task<int>> ask, Func<int, bool> condition) =>
        Testing.Deadline.Until(
            "the tracker knows so many whole copies",
            async () => condition(await ask()),
            TimeSpan.FromSeconds(60),
            Cancellation
        );
}
