using EventArchive.Events;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using Npgsql;

namespace EventArchive.Bench.EventStore;

/// <summary>Our store. Batched: all writers share one, as in a node. Unbatched: each writer has its own, so each append has its own commit.</summary>
internal sealed class OurAppends(NpgsqlDataSource source, int writers, int eventsPerAppend, bool batched)
{
    private readonly PostgresEventStore[] stores =
    [
        .. batched
            ? Enumerable.Repeat(new PostgresEventStore(source, TimeProvider.System), writers)
            : Enumerable.Range(0, writers).Select(_ => new PostgresEventStore(source, TimeProvider.System)),
    ];

    private readonly long[] counts = new long[writers];

    public async Task Write(int writer)
    {
        var turn = counts[writer]++;
        var community = Sample.Community((writer * Sample.StreamsOfEach) + (int)(turn % Sample.StreamsOfEach));
        var version = turn / Sample.StreamsOfEach * eventsPerAppend;
        var events = new IEvent[eventsPerAppend];
        for (var at = 0; at < events.Length; at++)
            events[at] = Sample.Event(community, version + at);
        var append = new Append($"community-{community}", version, events, Guid.CreateVersion7(), "CompleteArchive");
        if (await stores[writer].Append(append, CancellationToken.None) is not AppendResult.Appended)
            throw new InvalidOperationException("An append of the benchmark was not taken.");
    }
}
