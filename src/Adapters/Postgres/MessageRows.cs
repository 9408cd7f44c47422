using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// The rows of a query by binary COPY, as they arrive, in a transaction of their own that is never idle: whoever reads slowly keeps the server
/// sending, and whoever stops early ends the statement too. The bytes are taken apart by <see cref="CopyReader"/>: column by column through the
/// driver costs more than all the rest of a cut.
/// </summary>
internal sealed class MessageRows : IAsyncDisposable
{
    /// <summary>Longest wait for the next row: a late message may be the only one in a large table.</summary>
    private const int TimeoutMilliseconds = 300_000;

    /// <summary>
    /// Rows come in the order of an index, partition by partition: the first at once, and none is sorted on disk. Left alone the planner
    /// prefers to fetch a week by bitmap, in parallel, and to sort its gigabytes.
    /// </summary>
    private const string InOrderOfIndex =
        "set local enable_sort = off; set local enable_bitmapscan = off; set local enable_seqscan = off; "
        + "set local max_parallel_workers_per_gather = 0";

    /// <summary>Whatever is cheapest: few rows of many, whose order costs nothing.</summary>
    private const string AsPlanned = "set local max_parallel_workers_per_gather = 0";

    /// <summary>Room for all that is recorded, and the columns beside it. A longer row is one that an earlier version left.</summary>
    private const int MaxRowBytes = RecordCall.MaxMessageBytes + CopyReader.ShortColumnBytes;

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private readonly NpgsqlRawCopyStream stream;
    private readonly CopyBuffer buffer = CopyBuffer.Take();
    private bool ended;

    private MessageRows(NpgsqlConnection connection, NpgsqlTransaction transaction, NpgsqlRawCopyStream stream)
    {
        (this.connection, this.transaction, this.stream) = (connection, transaction, stream);
        Columns = new CopyReader(stream, buffer, MaxRowBytes);
    }

    /// <summary>Those of the present row.</summary>
    public CopyReader Columns { get; }

    /// <param name="query">None of its columns is ever null.</param>
    /// <param name="streams">Whether the rows must come in the order of an index, because there may be gigabytes.</param>
    public static async Task<MessageRows> Open(NpgsqlDataSource source, string query, bool streams, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            var transaction = await connection.BeginTransactionAsync(cancellation);
            await using (var plan = new NpgsqlCommand(streams ? InOrderOfIndex : AsPlanned, connection))
                await plan.ExecuteNonQueryAsync(cancellation);
            var stream = await connection.BeginRawBinaryCopyAsync($"copy ({query}) to stdout (format binary)", cancellation);
            stream.ReadTimeout = TimeoutMilliseconds;
            var rows = new MessageRows(connection, transaction, stream);
            await rows.Columns.Begin(cancellation);
            return rows;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>False: there is no further row.</summary>
    public async ValueTask<bool> Next(CancellationToken cancellation) => !(ended = !await Columns.Next(cancellation));

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Without it all further rows would be fetched and thrown away.
            if (!ended)
                await stream.CancelAsync();
            await stream.DisposeAsync();
            await transaction.DisposeAsync();
        }
        catch (ObjectDisposedException)
        {
            // The statement has failed: that ended it, and whoever reads has the reason already.
        }
        finally
        {
            await connection.DisposeAsync();
            buffer.GiveBack();
        }
    }
}
