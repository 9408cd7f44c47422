using EventArchive.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Contract;

/// <summary>A session keeps the plans of its first append, which is often made while the tables are empty and is used when they are not.</summary>
public sealed class AppendPlanTests(PostgresFixture postgres)
{
    private const string Fill = """
        insert into mt_streams (id, version) select 'community-' || n, 1 from generate_series(1, 20000) n;
        insert into mt_events (seq_id, id, stream_id, version, data, type)
        select nextval('mt_events_sequence'), gen_random_uuid(), 'community-' || n, 1, '{}', 'archive_skipped' from generate_series(1, 20000) n;
        insert into ea_inbox (message_id, command, event_ids, handled_at)
        select gen_random_uuid(), 'Test', '{}', now() from generate_series(1, 20000);
        """;

    // Counted in the session and not yet passed on to the others: within one transaction the difference is what was done between.
    private const string Scans = """
        select relname::text, seq_scan, coalesce(idx_scan, 0) from pg_stat_xact_user_tables
        where relname in ('mt_events', 'mt_streams', 'ea_inbox')
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_plan_made_on_empty_tables_scans_none_of_them_when_they_are_full(bool alone)
    {
        await using var database = await postgres.Create(Cancel);
        await using var connection = await database.Source.OpenConnectionAsync(Cancel);
        // The server takes tables of which it knows nothing for large ones.
        await Execute(connection, "vacuum analyze mt_events, mt_streams, ea_inbox");
        await Append(0);
        await Execute(connection, Fill);

        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        var before = await Read(connection);
        await Append(3);
        var after = await Read(connection);

        after
            .Select(table => $"{table.Key}: {table.Value.Sequential - before[table.Key].Sequential}")
            .ShouldBe(["ea_inbox: 0", "mt_events: 0", "mt_streams: 0"]);
        after.ShouldAllBe(table => table.Value.ByIndex > before[table.Key].ByIndex);

        async Task Append(long version) =>
            (
                alone
                    ? await HandAppend.RunAlone(connection, "community-a", version, 3, Cancel)
                    : await HandAppend.Run(connection, "community-a", version, 3, Cancel)
            ).ShouldBe("a");
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static async Task<SortedDictionary<string, (long Sequential, long ByIndex)>> Read(NpgsqlConnection connection)
    {
        SortedDictionary<string, (long, long)> scans = new(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(Scans, connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        while (await reader.ReadAsync(Cancel))
            scans.Add(reader.GetString(0), (reader.GetInt64(1), reader.GetInt64(2)));
        return scans;
    }
}
