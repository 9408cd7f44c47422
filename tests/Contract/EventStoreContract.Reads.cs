using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

public abstract partial class EventStoreContract
{
    private const string Other = "community-b";

    [Fact]
    public async Task A_stream_is_read_as_it_stood_at_a_version_or_a_time()
    {
        var recorded = await Fill();
        var third = recorded.Where(e => e.StreamId == Stream).ElementAt(2);

        await ShouldGive(new EventQuery(StreamId: Stream), recorded.Where(e => e.StreamId == Stream));
        (await List(new EventQuery(StreamId: Stream, UpToVersion: 2))).Select(e => e.Version).ShouldBe([1L, 2]);
        (await List(new EventQuery(StreamId: Stream, UpToVersion: 0))).ShouldBeEmpty();
        await ShouldGive(new EventQuery(StreamId: Stream, AfterSeq: third.Seq), recorded.Where(e => e.StreamId == Stream && e.Version > 3));
        await ShouldGive(new EventQuery(StreamId: Stream, Before: third.At), recorded.Where(e => e.StreamId == Stream && e.At < third.At));
        (await List(new EventQuery(StreamId: "community-unknown"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task All_events_are_read_by_position_type_and_time()
    {
        var recorded = await Fill();
        var middle = recorded[recorded.Count / 2];

        await ShouldGive(new EventQuery(), recorded);
        await ShouldGive(new EventQuery(AfterSeq: middle.Seq), recorded.Where(e => e.Seq > middle.Seq));
        await ShouldGive(
            new EventQuery(Types: ["import_started", "history_imported"]),
            recorded.Where(e => e.Event is ImportStarted or HistoryImported)
        );
        (await List(new EventQuery(Types: []))).ShouldBeEmpty();
        await ShouldGive(new EventQuery(From: middle.At), recorded.Where(e => e.At >= middle.At));
        await ShouldGive(new EventQuery(Before: middle.At), recorded.Where(e => e.At < middle.At));
        (await List(new EventQuery(From: middle.At, Before: middle.At))).ShouldBeEmpty();
        await ShouldGive(new EventQuery(From: recorded[0].At, Before: recorded[^1].At.AddTicks(10)), recorded);
        (await List(new EventQuery(From: DateTimeOffset.MaxValue.AddYears(-1)))).ShouldBeEmpty();
        (await List(new EventQuery(Before: DateTimeOffset.UnixEpoch))).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_long_read_crosses_pages_and_stops_when_it_is_cancelled()
    {
        const int Appends = 5;
        const int EventsOfEach = 500;
        for (var append = 0; append < Appends; append++)
            await Store.Append(Wish(append * EventsOfEach, Enumerable.Range(0, EventsOfEach).Select(EventSamples.Numbered)), Cancel);

        (await List(new EventQuery())).Select(e => e.Seq).ShouldBe(Enumerable.Range(1, Appends * EventsOfEach).Select(seq => (long)seq));
        (await List(new EventQuery(StreamId: Stream, AfterSeq: 7)))
            .Select(e => e.Version)
            .ShouldBe(Enumerable.Range(8, (Appends * EventsOfEach) - 7).Select(version => (long)version));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        List<long> seen = [];
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var recorded in Store.Read(new EventQuery(), stop.Token))
            {
                seen.Add(recorded.Seq);
                if (seen.Count == 1200)
                    await stop.CancelAsync();
            }
        });
        seen.Count.ShouldBeInRange(1200, (Appends * EventsOfEach) - 1);
    }

    [Fact]
    public async Task Each_event_is_tied_to_the_one_before_it_in_its_stream()
    {
        var recorded = await Fill();

        foreach (var stream in recorded.GroupBy(e => e.StreamId))
        {
            EventHash? previous = null;
            foreach (var e in stream)
            {
                e.Hash.ShouldBe(
                    EventHash.Of(
                        e.StreamId,
                        e.Version,
                        StoredName.Of(e.Event.GetType()),
                        e.Id,
                        EventJson.WriteBytes(e.Event),
                        e.CorrelationId?.ToString(),
                        e.CausationId?.ToString(),
                        previous
                    )
                );
                previous = e.Hash;
            }
        }
    }

    private async Task ShouldGive(EventQuery query, IEnumerable<RecordedEvent> expected) =>
        (await List(query)).Select(e => (e.Seq, e.Id)).ShouldBe(expected.Select(e => (e.Seq, e.Id)), query.ToString());

    /// <summary>Two streams in turn, one event of each kind and a few more.</summary>
    private async Task<IReadOnlyList<RecordedEvent>> Fill()
    {
        Dictionary<string, long> versions = new() { [Stream] = 0, [Other] = 0 };
        foreach (var (turn, @event) in EventSamples.All.Index())
        {
            var stream = turn % 2 == 0 ? Stream : Other;
            var result = await Store.Append(Wish(versions[stream], @event, EventSamples.Numbered(turn)) with { StreamId = stream }, Cancel);
            versions[stream] = result.ShouldBeOfType<AppendResult.Appended>().Version;
        }
        return await Store.ReadAll(0, int.MaxValue, Cancel);
    }

    private async Task<List<RecordedEvent>> List(EventQuery query)
    {
        List<RecordedEvent> events = [];
        await foreach (var recorded in Store.Read(query, Cancel))
            events.Add(recorded);
        return events;
    }
}
