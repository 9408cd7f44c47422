using System.Runtime.ExceptionServices;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>What one turn of a subscription came to.</summary>
internal enum Turn
{
    /// <summary>Another instance holds the checkpoint, or the subscription has stopped.</summary>
    NotOurs,

    /// <summary>Every event is handled.</summary>
    CaughtUp,

    /// <summary>There may be more.</summary>
    More,
}

/// <summary>One transaction of a subscription: lock the checkpoint, handle the events after it, write and move it.</summary>
internal sealed class SubscriptionBatch(IEventHandler handler, NpgsqlDataSource source)
{
    private bool registered;

    /// <exception cref="UnhandledEventException">
    /// The next event cannot be handled; those before it are, the checkpoint stands there, and the fault is on record.
    /// </exception>
    public async Task<Turn> Handle(int limit, bool despiteFault, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (!registered)
            await Checkpoint.Register(handler.Name, connection, cancellation);
        registered = true;
        for (var size = limit; ; size /= 2)
        {
            try
            {
                var turn = await Try(size, despiteFault, connection, cancellation);
                // Deleted, perhaps, so that all is handled anew: then the row is made again.
                registered = turn != Turn.NotOurs;
                return size < limit && turn == Turn.CaughtUp ? Turn.More : turn;
            }
            catch (RefusedWriteException refused) when (refused.Events > 1)
            {
                // One of them gives what the database will never take: fewer at a time, until it stands alone.
                size = Math.Min(size, refused.Events);
            }
            catch (RefusedWriteException refused)
            {
                var fault = new UnhandledEventException(refused.FirstSeq, refused.InnerException!.Message, refused.InnerException);
                await using var record = new NpgsqlBatch(connection) { BatchCommands = { SubscriptionFaults.Record(handler.Name, fault) } };
                await record.ExecuteNonQueryAsync(cancellation);
                throw fault;
            }
        }
    }

    private async Task<Turn> Try(int limit, bool despiteFault, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var taken = await Checkpoint.Take(handler, limit, despiteFault, connection, transaction, cancellation);
        if (taken is null)
            return Turn.NotOurs;
        if (taken.Rows.Count == 0)
            return Turn.CaughtUp;
        await using var writes = new NpgsqlBatch(connection, transaction);
        var (count, fault) = await handler.Handle(taken.Open, connection, writes, cancellation);
        // What is done on the outside is done: an event published once is not published again because of its neighbour, or of a stop.
        var keep = handler.HasEffects && count > 0 ? CancellationToken.None : cancellation;
        var last = taken.After(count);
        if (last > taken.Checkpoint)
            writes.BatchCommands.Add(Checkpoint.Move(handler.Name, taken.Checkpoint, last));
        if (despiteFault)
            writes.BatchCommands.Add(SubscriptionFaults.Forget(handler.Name, last));
        if (fault is UnhandledEventException unhandled)
            writes.BatchCommands.Add(SubscriptionFaults.Record(handler.Name, unhandled));
        if (writes.BatchCommands.Count > 0)
            await Write(writes, taken.Open, keep);
        await transaction.CommitAsync(keep);
        if (fault is not null)
            ExceptionDispatchInfo.Throw(fault);
        return taken.More || count < taken.Open.Count ? Turn.More : Turn.CaughtUp;
    }

    private static async Task Write(NpgsqlBatch writes, IReadOnlyList<EventRow> events, CancellationToken cancellation)
    {
        try
        {
            await writes.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException refused) when (!DatabaseFault.Is(refused) && events.Count > 0)
        {
            throw new RefusedWriteException(events.Count, events[0].Seq, refused);
        }
    }

    private sealed class RefusedWriteException(int events, long firstSeq, PostgresException inner) : Exception(inner.Message, inner)
    {
        public int Events { get; } = events;

        public long FirstSeq { get; } = firstSeq;
    }
}
