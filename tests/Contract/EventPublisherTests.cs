using System.Collections.Concurrent;
using EventArchive.Events;
using EventArchive.EventStore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public sealed class EventPublisherTests(PostgresFixture postgres)
{
    private static readonly TimeSpan ReadLimit = TimeSpan.FromMinutes(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_committed_event_is_published_in_the_order_of_its_number_because_one_that_is_still_open_holds_up_those_behind_it()
    {
        await using var node = await TestNode.Start(await postgres.Create(Cancel), Cancel);

        await new RacingWriters(node).Run(() => node.Published.Select(e => e.Seq).DefaultIfEmpty().Max(), Cancel);
        await node.CaughtUp();

        node.Published.Select(e => e.Seq).Distinct().ShouldBe(await RacingWriters.Stored(node.Database, Cancel));
    }

    [Fact]
    public async Task A_reader_that_asks_for_what_is_behind_its_last_event_misses_none_because_it_never_gets_past_a_number_that_is_open()
    {
        await using var node = await TestNode.Start(await postgres.Create(Cancel), Cancel);
        var reader = node.Services.GetRequiredService<EventReader>();
        var seen = new ConcurrentQueue<long>();
        var last = 0L;

        var racing = new RacingWriters(node).Run(() => Volatile.Read(ref last), Cancel);
        await Testing.Deadline.Until(
            "the reader has all that the writers wrote",
            async () =>
            {
                var over = racing.IsCompleted;
                await foreach (var recorded in reader.Read(new EventQuery(AfterSeq: last), Cancel))
                {
                    seen.Enqueue(recorded.Seq);
                    Volatile.Write(ref last, recorded.Seq);
                }
                return over && (racing.IsFaulted || last == await node.Database.Scalar<long>("select max(seq_id) from mt_events", Cancel));
            },
            ReadLimit,
            Cancel
        );
        await racing;

        seen.ShouldBe(await RacingWriters.Stored(node.Database, Cancel));
    }

    [Fact]
    public async Task An_event_that_the_bus_refuses_is_tried_again_and_none_behind_it_overtakes_it_because_order_is_what_consumers_rely_on()
    {
        var refusing = true;
        var asked = new ConcurrentQueue<long>();
        await using var node = await TestNode.Start(
            await postgres.Create(Cancel),
            Cancel,
            recorded =>
            {
                asked.Enqueue(recorded.Seq);
                return recorded.Seq == 2 && Volatile.Read(ref refusing)
                    ? throw new InvalidOperationException("The bus is away.")
                    : Task.CompletedTask;
            }
        );
        await node.AppendAll([EventSamples.Numbered(1), EventSamples.Numbered(2), EventSamples.Numbered(3)]);
        await node.Until("the event was tried again", () => Task.FromResult(asked.Count(seq => seq == 2) > 2));
        await node.Append(EventSamples.Numbered(4));
        (await node.Status(EventPublisher.Name)).ShouldSatisfyAllConditions(
            status => status.LastError.ShouldBe("The bus is away."),
            status => status.StoppedReason.ShouldBeNull("it has not stopped, it waits"),
            status => status.LastSeq.ShouldBeLessThan(2)
        );
        asked.Distinct().ShouldBe([1, 2]);

        Volatile.Write(ref refusing, false);
        await node.CaughtUp();

        node.Published.Select(e => e.Seq).ShouldBe([1, 2, 3, 4]);
        (await node.Status(EventPublisher.Name)).LastError.ShouldBeNull();
    }

    [Fact]
    public async Task An_event_of_an_unknown_type_stops_the_publisher_and_is_named_because_leaving_it_out_would_lose_it()
    {
        await using var node = await TestNode.Start(await postgres.Create(Cancel), Cancel);
        await node.Append(EventSamples.All.OfType<HistoryArchivesEnabled>().First());
        await node.CaughtUp();
        await new HashedStore(node.Database).AppendForeign("order-1", Cancel);
        await node.Append(EventSamples.Numbered(2));

        await node.Until("the publisher has stopped", async () => (await node.Status(EventPublisher.Name)).StoppedReason is not null);

        var stopped = await node.Status(EventPublisher.Name);
        (stopped.LastSeq, stopped.Behind).ShouldBe((1, 2));
        stopped.StoppedReason!.ShouldContain("seq_id 2");
        stopped.StoppedReason!.ShouldContain("order_placed");
        node.Published.Select(e => e.Seq).ShouldBe([1]);

        await node.Services.GetRequiredService<ProjectionFailures>().Skip(2, "A shop's.", "me@here", Cancel);
        await node.CaughtUp();

        node.Published.Select(e => e.Seq).ShouldBe([1, 3]);
        (await node.Status(EventPublisher.Name)).StoppedReason.ShouldBeNull();
    }
}
