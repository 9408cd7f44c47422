using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// The rows of a query by binary COPY, as they arrive, in a transaction of their own that is never idle: whoever reads slowly keeps the server
/// sending, and whoever stops early ends the statement too.
/// </summary>
internal sealed class MessageRows : IAsyncDisposable
{
    /// <summary>Longest wait for the next row: a late message may be the only one in a large table.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Rows come in the order of an index, partition by partition: the first at once, and none is sorted on disk. Left alone the planner
    /// prefers to fetch a week by bitmap, in parallel, and to sort its gigabytes.
    /// </summary>
    private const string InOrderOfIndex =
        "set local enable_sort = off; set local enable_bitmapscan = off; set local enable_seqscan = off; "
        + "set local max_parallel_workers_per_gather = 0";

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private readonly NpgsqlBinaryExporter rows;
    private bool ended;

    private MessageRows(NpgsqlConnection connection, NpgsqlTransaction transaction, NpgsqlBinaryExporter rows) =>
        (this.connection, this.transaction, this.rows) = (connection, transaction, rows);

    /// <summary>Whatever is cheapest: few rows of many, whose order costs nothing.</summary>
    private const string AsPlanned = "set local max_parallel_workers_per_gather = 0";

    /// <param name="streams">Whether the rows must come in the order of an index, because there may be gigabytes.</param>
    public static async Task<MessageRows> Open(NpgsqlDataSource source, string query, bool streams, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellation);
            await using (var plan = new NpgsqlCommand(streams ? InOrderOfIndex : AsPlanned, connection))
                await plan.ExecuteNonQueryAsync(cancellation);
            var rows = await connection.BeginBinaryExportAsync($"copy ({query}) to stdout (format binary)", cancellation);
            rows.Timeout = Timeout;
            return new MessageRows(connection, transaction, rows);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>False: there is no further row.</summary>
    public ValueTask<bool> Next(CancellationToken cancellation)
    {
        var row = rows.StartRowAsync(cancellation);
        // Nearly every row is in the buffer already: no state machine for these.
        return row.IsCompletedSuccessfully ? new ValueTask<bool>(Found(row.Result)) : Await(row);

        async ValueTask<bool> Await(ValueTask<int> arriving) => Found(await arriving);

        bool Found(int columns) => !(ended = columns < 0);
    }

    /// <summary>The next column. Not awaited: the server sends a row in one piece, and a wait for each column costs more than the reading.</summary>
    public T Read<T>() => rows.Read<T>();

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Without it all further rows would be fetched and thrown away.
            if (!ended)
                await rows.CancelAsync();
            await rows.DisposeAsync();
            await transaction.DisposeAsync();
        }
        finally
        {
            await connection.DisposeAsync();
        }
    }
}
