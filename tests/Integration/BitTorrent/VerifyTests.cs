using EventArchive.BitTorrent;
using EventArchive.Handlers;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>Files are hashed again on demand, beside a torrent that goes on being served.</summary>
public sealed class VerifyTests : IDisposable
{
    private const long TotalBytes = (200 * RandomTorrent.PieceBytes) + 5_000;

    private static readonly BitTorrentOptions NeverLooking = new() { DiskCheckInterval = TimeSpan.FromHours(1) };

    private readonly TempFolder folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Whole_files_are_hashed_to_their_end_while_they_are_served()
    {
        await using var engine = await Engine.Start(NeverLooking);
        var torrent = RandomTorrent.Make(folder.Sub("owner"), pieces: 200);
        await engine.Seed(torrent, Cancellation);
        List<TorrentStatus> meanwhile = [];
        var progress = new Hashed(() => meanwhile.Add(engine.List().Single()));

        await engine.Verify(torrent.InfoHash, progress, Cancellation);

        progress.Bytes.Count.ShouldBeGreaterThan(1);
        progress.Bytes.ShouldBeInOrder();
        progress.Bytes[^1].ShouldBe(TotalBytes);
        meanwhile.ShouldAllBe(now => now.Seeding && now.DoneBytes == TotalBytes && now.Fault == null);
    }

    [Fact]
    public async Task A_wrong_piece_takes_the_torrent_out_and_the_restored_file_brings_it_back_when_that_is_verified()
    {
        await using var engine = await Engine.Start(NeverLooking);
        var torrent = RandomTorrent.Make(folder.Sub("owner"), pieces: 200);
        await engine.Seed(torrent, Cancellation);
        var right = torrent.Data();
        var wrong = torrent.Data();
        wrong[(150 * RandomTorrent.PieceBytes) + 1] ^= 1;
        await File.WriteAllBytesAsync(torrent.DataPath, wrong, Cancellation);

        var failure = await Should.ThrowAsync<TorrentException>(engine.Verify(torrent.InfoHash, new Hashed(), Cancellation));

        failure.Message.ShouldContain($"1 of 201 pieces differ, the first is piece 150 in {torrent.DataPath}");
        var status = engine.List().Single();
        (status.Seeding, status.DoneBytes, status.Fault).ShouldBe((false, TotalBytes, failure.Message));
        torrent.Data().ShouldBe(wrong, "nothing was fetched over it");
        (await Should.ThrowAsync<TorrentException>(engine.Verify(torrent.InfoHash, new Hashed(), Cancellation))).Message.ShouldContain(
            "piece 150"
        );
        engine.List().Single().Fault.ShouldNotBeNull();

        await File.WriteAllBytesAsync(torrent.DataPath, right, Cancellation);
        var progress = new Hashed();
        HashSet<long> meanwhile = [];
        var verifying = engine.Verify(torrent.InfoHash, progress, Cancellation);
        do meanwhile.Add(engine.List().Single().DoneBytes);
        while (!verifying.IsCompleted);
        await verifying;

        progress.Bytes.ShouldBe([TotalBytes]);
        meanwhile.ShouldBe([TotalBytes], "what is tried again is not 0 %");
        engine.List().Single().ShouldSatisfyAllConditions(now => now.Seeding.ShouldBeTrue(), now => now.Fault.ShouldBeNull());
    }

    [Fact]
    public async Task One_that_is_stopped_while_it_is_tried_again_stays_stopped()
    {
        await using var engine = await Engine.Start(NeverLooking);
        var torrent = RandomTorrent.Make(folder.Sub("owner"), pieces: 200);
        await engine.Seed(torrent, Cancellation);
        var aside = Path.Combine(folder.Path, "aside");
        File.Move(torrent.IndexPath, aside);
        await Should.ThrowAsync<TorrentException>(engine.Verify(torrent.InfoHash, new Hashed(), Cancellation));
        File.Move(aside, torrent.IndexPath);
        SeedRecord.Remove(torrent);

        var verifying = engine.Verify(torrent.InfoHash, new Hashed(), Cancellation);
        while (engine.Session.List().Count == 0 && !verifying.IsCompleted)
            await Task.Yield();
        await engine.Stop(torrent.InfoHash, Cancellation);
        await verifying.ContinueWith(_ => { }, Cancellation, TaskContinuationOptions.None, TaskScheduler.Default);

        engine.List().ShouldBeEmpty();
        engine.Session.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_went_away_is_named_and_a_torrent_that_is_not_seeded_here_too()
    {
        await using var engine = await Engine.Start(NeverLooking);
        var torrent = RandomTorrent.Make(folder.Sub("owner"), pieces: 3);
        (await Should.ThrowAsync<TorrentException>(engine.Verify(torrent.InfoHash, new Hashed(), Cancellation))).Message.ShouldContain(
            "does not seed"
        );
        await engine.Seed(torrent, Cancellation);
        File.Delete(torrent.IndexPath);

        (await Should.ThrowAsync<TorrentException>(engine.Verify(torrent.InfoHash, new Hashed(), Cancellation))).Message.ShouldContain(
            $"{torrent.IndexPath} is missing"
        );

        engine.List().Single().Fault.ShouldNotBeNull();
        File.Exists(torrent.IndexPath).ShouldBeFalse();
    }

    [Fact]
    public async Task One_that_is_not_wanted_any_more_ends_between_two_pieces_and_leaves_all_as_it_was()
    {
        await using var engine = await Engine.Start(NeverLooking);
        var torrent = RandomTorrent.Make(folder.Sub("owner"), pieces: 200);
        await engine.Seed(torrent, Cancellation);
        using var ending = new CancellationTokenSource();
        var progress = new Hashed(ending.Cancel);

        await Should.ThrowAsync<OperationCanceledException>(engine.Verify(torrent.InfoHash, progress, ending.Token));

        progress.Bytes.ShouldHaveSingleItem().ShouldBeLessThan(TotalBytes);
        engine.List().Single().Seeding.ShouldBeTrue();
    }

    private sealed class Hashed(Action? also = null) : IProgress<long>
    {
        public List<long> Bytes { get; } = [];

        public void Report(long value)
        {
            Bytes.Add(value);
            also?.Invoke();
        }
    }
}
