using EventArchive.Handlers;
using Npgsql;

namespace EventArchive.Bench.Archives;

/// <summary>The limit of the machine: the rows of a cut in the order of the table, sent by the server and thrown away.</summary>
internal static class CopyRows
{
    /// <summary>The columns of <see cref="IMessageStore.Read"/>: the one place that knows the table.</summary>
    private const string Query = """
        copy (select sig, timestamp, content_topic, payload, padding, hash, third_party_id from ea_messages) to stdout (format binary)
        """;

    /// <param name="workers">How many processes beside the sending one may read.</param>
    public static async Task<long> Run(NpgsqlDataSource source, int workers)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var plan = new NpgsqlCommand($"set local max_parallel_workers_per_gather = {workers}", connection))
            await plan.ExecuteNonQueryAsync();
        await using var copy = await connection.BeginRawBinaryCopyAsync(Query);
        var buffer = new byte[1 << 18];
        long received = 0;
        for (int got; (got = await copy.ReadAsync(buffer.AsMemory(), CancellationToken.None)) > 0; )
            received += got;
        return received;
    }
}
