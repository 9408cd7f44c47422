using EventArchive.Postgres;
using Npgsql;

namespace EventArchive.Tests.Contract;

/// <summary>A database as the release before schema 5 left it: a restored dump of it.</summary>
internal static class SchemaFour
{
    /// <summary>The last event that publish and the projections had handled; the store has more.</summary>
    public const long Checkpoint = 54;

    public static async Task<TestDatabase> Restore(PostgresFixture postgres, CancellationToken cancellation)
    {
        var connectionString = await postgres.CreateEmpty(cancellation);
        await Run(
            connectionString,
            await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "schema-4.sql"), cancellation),
            cancellation
        );
        return new TestDatabase(connectionString, drop: true);
    }

    /// <summary>On a connection that ends with it: the service's own would count as a node at work.</summary>
    public static async Task Run(string connectionString, string sql, CancellationToken cancellation)
    {
        await using var connection = await Open(connectionString, cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public static async Task<NpgsqlConnection> Open(string connectionString, CancellationToken cancellation, string name = "test")
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = name };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);
        return connection;
    }

    /// <summary>The version, and whether what only schema 4 has is there.</summary>
    public static async Task<bool> IsUntouched(TestDatabase database, CancellationToken cancellation) =>
        (
            await database.Rows(
                "select (select version from ea_schema), to_regclass('ea_inbox') is not null, "
                    + "(select count(*) from pg_proc where proname in ('ea_append', 'mt_quick_append_events')), "
                    + "(select count(*) from pg_attribute where attrelid = 'mt_events'::regclass and attname = 'bdata'), "
                    + "(select string_agg(name || last_seq_id, ' ' order by name) from mt_event_progression where name = 'publish'), "
                    + "to_regclass('mt_doc_community') is null",
                cancellation
            )
        ).Single() == $"4|True|2|0|publish{Checkpoint}|True";
}
