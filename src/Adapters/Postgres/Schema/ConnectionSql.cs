using Npgsql;

namespace EventArchive.Postgres;

internal static class ConnectionSql
{
    /// <summary>Changing the tables takes as long as there are rows.</summary>
    public const int NoTimeout = 0;

    /// <summary>Statements without parameters, in the transaction of the connection.</summary>
    public static async Task Run(this NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        if (sql.Length == 0)
            return;
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = NoTimeout };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <returns>The first column of the first row; null: there is none.</returns>
    public static async Task<object?> Ask(this NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = NoTimeout };
        return await command.ExecuteScalarAsync(cancellation);
    }
}
