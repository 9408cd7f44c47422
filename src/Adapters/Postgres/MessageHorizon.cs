using Npgsql;

namespace EventArchive.Postgres;

/// <summary>The second before which messages were dropped. It only rises, and stands still while somebody records.</summary>
internal static class MessageHorizon
{
    /// <summary>Any number that nobody else uses; it spells 'EAhorizn'.</summary>
    private const long HorizonLock = 0x4541_686F_7269_7A6E;

    /// <summary>Reads it, and keeps it where it is until the transaction ends.</summary>
    public static async Task<ulong> Keep(NpgsqlConnection connection, CancellationToken cancellation) =>
        await Read(connection, "pg_advisory_xact_lock_shared", cancellation);

    /// <summary>Reads it, to move it in this transaction: nobody records until it ends.</summary>
    public static async Task<ulong> Take(NpgsqlConnection connection, CancellationToken cancellation) =>
        await Read(connection, "pg_advisory_xact_lock", cancellation);

    private static async Task<ulong> Read(NpgsqlConnection connection, string take, CancellationToken cancellation)
    {
        // Two statements: the second sees what was committed while the first waited.
        await using (var wait = new NpgsqlCommand($"select {take}({HorizonLock})", connection))
            await wait.ExecuteNonQueryAsync(cancellation);
        await using var read = new NpgsqlCommand("select dropped_before from ea_message_horizon", connection);
        return (ulong)(long)(await read.ExecuteScalarAsync(cancellation))!;
    }
}
