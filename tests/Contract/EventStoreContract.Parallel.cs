using EventArchive.Events;
using EventArchive.Handlers;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public abstract partial class EventStoreContract
{
    private const int Writers = 4;
    private const int AppendsOfEach = 50;
    private const int Streams = 3;

    [Fact]
    public async Task A_reader_that_polls_while_others_write_misses_nothing_because_commit_order_is_seq_order()
    {
        using var done = new CancellationTokenSource();
        var reading = Task.Run(() => Follow(done.Token), Cancel);

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAll(writer), Cancel)));
        await done.CancelAsync();
        var seen = await reading;

        var all = await Store.ReadAll(0, int.MaxValue, Cancel);
        // One event for the even appends, two for the odd ones.
        all.Count.ShouldBe(Writers * AppendsOfEach * 3 / 2);
        seen.Select(e => e.Id).ShouldBe(all.Select(e => e.Id), "the reader saw every event once, in order");
        foreach (var stream in all.GroupBy(e => e.StreamId))
            stream.Select(e => e.Version).ShouldBe(Enumerable.Range(1, stream.Count()).Select(version => (long)version));
        all.Select(e => e.At).ShouldBeInOrder();
    }

    [Fact]
    public async Task Of_many_deliveries_of_one_message_at_once_one_is_appended()
    {
        var append = Wish(0, EventSamples.Numbered(1));

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Store.Append(append, Cancel), Cancel)));

        results.OfType<AppendResult.Appended>().Count().ShouldBe(1);
        results.OfType<AppendResult.Duplicate>().Count().ShouldBe(7);
        (await Store.ReadAll(0, 10, Cancel)).Count.ShouldBe(1);
    }

    private async Task WriteAll(int writer)
    {
        for (var number = 0; number < AppendsOfEach; number++)
        {
            var stream = $"community-{(writer + number) % Streams}";
            var events = Enumerable.Range(0, 1 + (number % 2)).Select(EventSamples.Numbered);
            AppendResult result;
            long version = 0;
            do
            {
                result = await Store.Append(Wish(version, events) with { StreamId = stream }, Cancel);
                version = (result as AppendResult.VersionConflict)?.ActualVersion ?? version;
            } while (result is AppendResult.VersionConflict);
            result.ShouldBeOfType<AppendResult.Appended>();
        }
    }

    private async Task<List<RecordedEvent>> Follow(CancellationToken done)
    {
        List<RecordedEvent> seen = [];
        while (true)
        {
            var last = done.IsCancellationRequested;
            var page = await Store.ReadAll(seen.Count > 0 ? seen[^1].Seq : 0, 7, Cancel);
            seen.AddRange(page);
            if (last && page.Count == 0)
                return seen;
            await Task.Yield();
        }
    }
}
