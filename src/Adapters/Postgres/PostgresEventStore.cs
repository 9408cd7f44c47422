using System.Runtime.CompilerServices;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// The event store in Marten 8's tables. Commit order is <c>seq_id</c> order, since <c>ea_append</c> takes numbers under a lock that
/// ends with the commit; appends that arrive together share a commit.
/// </summary>
public sealed class PostgresEventStore : IEventStore
{
    private readonly NpgsqlDataSource source;
    private readonly TimeProvider time;
    private readonly StreamHeads heads;
    private readonly InboxQuestion inbox;
    private readonly AppendQueue queue;
    private readonly EventPages pages;

    public PostgresEventStore(NpgsqlDataSource source, TimeProvider time)
    {
        this.source = source;
        this.time = time;
        heads = new StreamHeads(source);
        inbox = new InboxQuestion(source, time);
        queue = new AppendQueue(source, heads, inbox);
        pages = new EventPages(source);
    }

    public async Task<IReadOnlyList<RecordedEvent>> ReadStream(string streamId, long afterVersion, CancellationToken cancellation)
    {
        await using var command = StoredEvent.SelectStream(streamId, afterVersion);
        var events = await Read(command, cancellation);
        if (events.Count > 0)
            heads.Remember(streamId, events[^1].Version, events[^1].Hash);
        return events;
    }

    public async Task<IReadOnlyList<RecordedEvent>> ReadAll(long afterSeq, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        await using var command = StoredEvent.SelectAll(afterSeq, limit);
        return await Read(command, cancellation);
    }

    public async IAsyncEnumerable<RecordedEvent> Read(EventQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in pages.Read(query, cancellation))
        foreach (var row in page)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row.ToRecorded();
        }
    }

    public async Task<AppendResult> Append(Append append, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var bodies = AppendLimits.Check(append);
        var previous = await heads.Find(append.StreamId, append.ExpectedVersion, cancellation);
        var call = new AppendCall(append, bodies, previous, time.GetUtcNow(), cancellation);
        foreach (var body in append.Events)
            CrashPoint.Before("append", body.GetType().Name);
        var result = await queue.Send(call).WaitAsync(cancellation);
        foreach (var body in append.Events)
            CrashPoint.After("append", body.GetType().Name);
        return result;
    }

    public async Task<CommandOutcome?> FindOutcome(Guid messageId, CancellationToken cancellation) =>
        (await inbox.Find([messageId], cancellation)).GetValueOrDefault(messageId);

    private async Task<IReadOnlyList<RecordedEvent>> Read(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        command.Connection = connection;
        var rows = await StoredEvent.Read(command, cancellation);
        return [.. rows.Select(row => row.ToRecorded())];
    }
}
