using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Tests.Unit.Domain;
using MassTransit;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Unit.Handlers;

/// <summary>The notice about a download: what it tells of archives that are not whole.</summary>
public sealed class DownloadArchivesTests
{
    private const long Piece = ArchiveEntry.PieceBytes;

    [Fact]
    public async Task A_notice_names_the_archives_under_way_with_their_bytes_the_fullest_first_and_none_that_is_whole_or_untouched()
    {
        // Three archives of four pieces: one is whole, one has three pieces, one a single one; a fourth has none.
        ArchiveEntry[] archives = [.. Enumerable.Range(0, 4).Select(at => Entry(at, pieces: 4))];
        bool[] pieces = [.. There(4, 4), .. There(1, 4), .. There(3, 4), .. There(0, 4)];

        var notice = await Notice(archives, pieces);

        notice.Underway.ShouldNotBeNull().ShouldBe([Progress(archives[2], 3), Progress(archives[1], 1)]);
        (notice.DoneBytes, notice.TotalBytes, notice.Archives, notice.ArchiveCount).ShouldBe((8 * Piece, 16 * Piece, 1, 4));
    }

    [Fact]
    public async Task A_notice_names_sixteen_archives_at_most_because_a_history_may_have_thousands()
    {
        ArchiveEntry[] archives = [.. Enumerable.Range(0, 20).Select(at => Entry(at, pieces: 4))];

        var notice = await Notice(archives, [.. archives.SelectMany((_, at) => There(at < 4 ? 1 : 2, 4))]);

        notice.Underway.ShouldNotBeNull().Count.ShouldBe(16);
        notice.Underway!.ShouldAllBe(archive => archive.DoneBytes == 2 * Piece);
    }

    private static IEnumerable<bool> There(int there, int pieces) => Enumerable.Range(0, pieces).Select(piece => piece < there);

    private static ArchiveEntry Entry(int at, int pieces) =>
        new(Sample.Archive(at + 1), (ulong)at, (ulong)at + 1, at * pieces * Piece, pieces * Piece, 0);

    private static ArchiveProgress Progress(ArchiveEntry archive, int pieces) => new(archive.Id, pieces * Piece, archive.Size);

    /// <summary>The one that is published when the engine tells of these pieces.</summary>
    private static async Task<DownloadProgressed> Notice(IReadOnlyList<ArchiveEntry> archives, bool[] pieces)
    {
        var published = new TaskCompletionSource<DownloadProgressed>(TaskCreationOptions.RunContinuationsAsynchronously);
        var bus = Bus.Factory.CreateUsingInMemory(memory =>
            memory.ReceiveEndpoint(
                "notices",
                endpoint =>
                    endpoint.Handler<DownloadProgressed>(context =>
                    {
                        published.TrySetResult(context.Message);
                        return Task.CompletedTask;
                    })
            )
        );
        await bus.StartAsync(TestContext.Current.CancellationToken);
        using var signals = new EffectSignals();
        var progress = new TorrentProgress(pieces.Count(there => there) * Piece, pieces.Length * Piece, Peers: 1, pieces);
        var effect = new DownloadArchives(
            new FakeFiles { Archives = archives },
            new FakeEngine { Told = progress },
            bus,
            Options.Create(new NodeOptions()),
            signals
        );
        var community = Community.Evolve(Community.Initial, Sample.Downloading(1));

        await effect.Perform(community, (_, _) => Task.CompletedTask, TestContext.Current.CancellationToken);

        var notice = await published.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await bus.StopAsync(TestContext.Current.CancellationToken);
        return notice;
    }
}
