using System.Data;
using System.Globalization;
using EventArchive.Projections;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// Folds a projection anew, beside its live table and while that is read and written, and swaps the two in one transaction. Ended at any point
/// it goes on from there when it is run again.
/// </summary>
public sealed class ProjectionRebuild(NpgsqlDataSource source)
{
    /// <summary>How often the swap is tried when readers or the subscription hold the live table for longer than the lock timeout.</summary>
    private const int SwapTries = 6;

    /// <summary>Rows are written once in so many events: a killed rebuild folds so many again.</summary>
    public long EventsBetweenWrites { get; init; } = 50_000;

    /// <summary>The server ends the session of a killed process a moment later: so long the next one waits for it.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="UnhandledEventException">An event cannot be folded; it may be skipped with a record, and the rebuild run again.</exception>
    /// <exception cref="InvalidOperationException">Another rebuild of the projection is at work.</exception>
    public async Task Run(Projection projection, IProgress<RebuildProgress> progress, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        if (!await LockName(projection, connection, cancellation))
            throw new InvalidOperationException(
                $"{projection.Name} is being rebuilt by another process: wait until it is done, or end that one."
            );
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            var table = new RebuildTable(projection);
            var seq = await table.Open(connection, cancellation);
            await transaction.CommitAsync(cancellation);
            await new RebuildRun(projection, table, connection, source, progress).Run(seq, SwapTries, EventsBetweenWrites, cancellation);
        }
        finally
        {
            if (connection.State == ConnectionState.Open)
                await UnlockAll(connection);
        }
    }

    /// <summary>
    /// Tells a second rebuild at once. What keeps two apart, should this session be lost, is that each write moves the checkpoint from where the
    /// writer left it.
    /// </summary>
    private async Task<bool> LockName(Projection projection, NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            // The timeout ends with the transaction, the lock with the session. Beside hashtext of the name, a number that nobody else uses; it
            // spells 'EArb'.
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new("select set_config('lock_timeout', $1, true)")
                    {
                        Parameters = { new() { Value = ((long)LockTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) } },
                    },
                    new("select pg_advisory_lock(x'45417262'::int, hashtext($1))") { Parameters = { new() { Value = projection.Name } } },
                },
            };
            await batch.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return true;
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    /// <summary>The connection goes back to the pool, and its session with all it holds lives on.</summary>
    private static async Task UnlockAll(NpgsqlConnection connection)
    {
        try
        {
            await using var command = new NpgsqlCommand("select pg_advisory_unlock_all()", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The session is over, and its locks with it.
        }
    }
}
