using EventArchive.Events;
using EventArchive.Projections;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>One rebuild at work: fold what there is, then hold the live checkpoint, fold the rest up to it, and swap.</summary>
internal sealed class RebuildRun(
    Projection projection,
    RebuildTable table,
    NpgsqlConnection connection,
    NpgsqlDataSource source,
    IProgress<RebuildProgress> progress
)
{
    /// <summary>Rows kept in the memory between pages, so that they are not read again.</summary>
    private const int MaxHeldRows = 100_000;

    /// <summary>Rows that one write holds, about.</summary>
    private const int MaxChangedRows = 20_000;

    /// <summary>The same where each event makes a row: few enough that reading ahead and writing overlap instead of taking turns.</summary>
    public const int MaxAppendedRows = 5000;

    /// <summary>With fewer events to fold, readers and the subscription wait for the swap only briefly.</summary>
    private const long NearlyThere = 2000;

    private readonly RebuildPages pages = new(source, projection);
    private readonly FoldedRows rows = new(projection);
    private long seq;

    /// <param name="eventsBetweenWrites">What a killed rebuild folds again at most, but for a page.</param>
    public async Task Run(long from, int swapTries, long eventsBetweenWrites, CancellationToken cancellation)
    {
        seq = from;
        for (var attempt = 1; ; )
        {
            await CatchUp(eventsBetweenWrites, cancellation);
            if (await Head(cancellation) - seq > NearlyThere)
                continue;
            try
            {
                await Swap(cancellation);
                return;
            }
            catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.LockNotAvailable && attempt < swapTries)
            {
                attempt++;
                seq = await Checkpoint(cancellation);
                rows.Clear();
            }
        }
    }

    private async Task CatchUp(long eventsBetweenWrites, CancellationToken cancellation)
    {
        var head = await Head(cancellation);
        progress.Report(new(projection.Name, seq, head));
        var folded = seq;
        await foreach (var page in pages.Read(seq, cancellation))
        {
            (folded, var fault) = await Fold(page, cancellation);
            // Rows that change again and again are written once in a while: nobody reads them before the swap.
            if (
                fault is not null
                || folded - seq >= eventsBetweenWrites
                || rows.Changed.Count >= (projection.RowPerEvent ? MaxAppendedRows : MaxChangedRows)
                || rows.Count > MaxHeldRows
            )
                await WriteAlone(folded, fault, cancellation);
            progress.Report(new(projection.Name, folded, Math.Max(folded, head)));
            if (fault is not null)
                throw fault;
        }
        if (folded > seq)
            await WriteAlone(folded, fault: null, cancellation);
    }

    private async Task Swap(CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var live = await table.LockLive(connection, cancellation);
        // The live table may be ahead by what came since, and readers must not see it go back.
        if (seq < live)
            await foreach (var page in pages.Read(seq, cancellation))
            {
                var (folded, fault) = await Fold(page, cancellation);
                await Write(folded, fault, cancellation);
                if (fault is null)
                    continue;
                await transaction.CommitAsync(cancellation);
                throw fault;
            }
        await table.Swap(seq, connection, cancellation);
        await transaction.CommitAsync(cancellation);
        progress.Report(new(projection.Name, seq, seq));
    }

    /// <summary>Folds a page in memory: up to where, and why not further.</summary>
    private async Task<(long Folded, UnhandledEventException? Fault)> Fold(RebuildPage page, CancellationToken cancellation)
    {
        await table.Rows.Load(rows, page.Events, connection, cancellation);
        var (_, unfolded) = ProjectionHandler.Fold(projection, rows, page.Events);
        return unfolded is null ? (page.Last, page.Fault) : (unfolded.SeqId - 1, unfolded);
    }

    private async Task WriteAlone(long folded, UnhandledEventException? fault, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Write(folded, fault, cancellation);
        await transaction.CommitAsync(cancellation);
        if (rows.Count > MaxHeldRows || projection.RowPerEvent)
            rows.Clear();
    }

    /// <summary>Rows, checkpoint and, if there is one, the fault: in the transaction of the caller.</summary>
    private async Task Write(long folded, UnhandledEventException? fault, CancellationToken cancellation)
    {
        await using var writes = new NpgsqlBatch(connection);
        // What is lost with the machine is folded again: the checkpoint is lost with it.
        writes.BatchCommands.Add(new("set local synchronous_commit = off"));
        if (rows.Changed.Count > 0 && projection.RowPerEvent)
            await table.Rows.Append(rows, connection, cancellation);
        else if (rows.Changed.Count > 0)
            writes.BatchCommands.Add(table.Rows.Save(rows));
        if (fault is not null)
            writes.BatchCommands.Add(SubscriptionFaults.Record(table.Checkpoint, fault));
        var move = Postgres.Checkpoint.Move(table.Checkpoint, seq, folded);
        writes.BatchCommands.Add(move);
        await writes.ExecuteNonQueryAsync(cancellation);
        if (move.RecordsAffected != 1)
            throw new InvalidOperationException($"Another process rebuilds {projection.Name} as well: this one ends here.");
        rows.Accept();
        seq = folded;
    }

    private Task<long> Head(CancellationToken cancellation) => Scalar("select coalesce(max(seq_id), 0) from mt_events", cancellation);

    private Task<long> Checkpoint(CancellationToken cancellation) =>
        Scalar($"select last_seq_id from mt_event_progression where name = '{table.Checkpoint}'", cancellation);

    private async Task<long> Scalar(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
