using EventArchive.Postgres;
using Npgsql;

namespace EventArchive.Tests.Contract;

/// <param name="drop">Whether the database goes with this object: a cluster that holds one for every test takes long to remove.</param>
public sealed class TestDatabase(string connectionString, bool drop = false) : IAsyncDisposable
{
    /// <summary>Many rows are made in one statement, and their files removed in one: how long that takes is the machine's affair.</summary>
    private const int NoLimit = 0;

    public string ConnectionString { get; } = connectionString;

    public NpgsqlDataSource Source { get; } = PostgresDataSource.Create(connectionString);

    public async Task<T> Scalar<T>(string sql, CancellationToken cancellation)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    public async Task Run(string sql, CancellationToken cancellation)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = NoLimit;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Rows as text, columns parted by a bar.</summary>
    public async Task<IReadOnlyList<string>> Rows(string sql, CancellationToken cancellation)
    {
        List<string> rows = [];
        await using var command = Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToString(reader.GetValue(column)))));
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (!drop)
            return;
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString);
        var name = settings.Database;
        settings.Database = "postgres";
        settings.Pooling = false;
        await using var server = NpgsqlDataSource.Create(settings.ConnectionString);
        await using var command = server.CreateCommand($"drop database {name} with (force)");
        command.CommandTimeout = NoLimit;
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
