using EventArchive.Handlers;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>One transaction of a subscription: lock the checkpoint, handle the events after it, move it.</summary>
internal sealed class SubscriptionBatch(IEventHandler handler, NpgsqlDataSource source)
{
    private bool registered;

    /// <summary>How many events were handled; 0 also when another instance holds the checkpoint.</summary>
    /// <exception cref="UnhandledEventException">The next event cannot be handled; those before it are, and the checkpoint stands there.</exception>
    public async Task<int> Handle(int limit, CancellationToken cancellation)
    {
        if (!registered)
            await Register(cancellation);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await LockCheckpoint(connection, cancellation) is not { } checkpoint)
        {
            // Held by another instance, or deleted so that all is handled anew: then the row is made again.
            registered = false;
            return 0;
        }
        await using var select = StoredEvent.SelectAll(checkpoint, limit);
        select.Connection = connection;
        var rows = await StoredEvent.Read(select, cancellation);
        if (rows.Count == 0)
            return 0;
        var last = checkpoint;
        try
        {
            foreach (var row in rows)
            {
                await Run("savepoint event", connection, cancellation);
                await Handle(row, connection, cancellation);
                await Run("release savepoint event", connection, cancellation);
                last = row.Seq;
            }
        }
        catch (Exception) when (last > checkpoint)
        {
            // What was done before the fault, or before the service stopped, is kept: an event published once is not published again
            // because of its neighbour.
            await Run("rollback to savepoint event", connection, CancellationToken.None);
            await MoveCheckpoint(last, connection, CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
            throw;
        }
        await MoveCheckpoint(last, connection, cancellation);
        await transaction.CommitAsync(cancellation);
        return rows.Count;
    }

    private async Task Handle(StoredEvent row, NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            await handler.Handle(row.ToRecorded(), connection, cancellation);
        }
        catch (UnreadableEventException fault)
        {
            throw new UnhandledEventException(row.Seq, fault.Reason, fault);
        }
        catch (Exception fault) when (IsTheEventsFault(fault, connection))
        {
            throw new UnhandledEventException(row.Seq, $"{row.Type}: {fault.Message}", fault);
        }
    }

    private bool IsTheEventsFault(Exception fault, NpgsqlConnection connection) =>
        fault is not (OperationCanceledException or UnhandledEventException)
        && connection.FullState == System.Data.ConnectionState.Open
        && handler.IsTheEventsFault(fault);

    private async Task Register(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "insert into mt_event_progression (name, last_seq_id) values ($1, 0) on conflict on constraint pk_mt_event_progression do nothing"
        );
        command.Parameters.Add(new() { Value = handler.Name });
        await command.ExecuteNonQueryAsync(cancellation);
        registered = true;
    }

    /// <summary>Null: another instance is at work, or the row is gone.</summary>
    private async Task<long?> LockCheckpoint(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select coalesce(last_seq_id, 0) from mt_event_progression where name = $1 for update skip locked",
            connection
        )
        {
            Parameters = { new() { Value = handler.Name } },
        };
        return (long?)await command.ExecuteScalarAsync(cancellation);
    }

    private async Task MoveCheckpoint(long seq, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "update mt_event_progression set last_seq_id = $2, last_updated = clock_timestamp() where name = $1",
            connection
        )
        {
            Parameters =
            {
                new() { Value = handler.Name },
                new() { Value = seq },
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task Run(string sql, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
