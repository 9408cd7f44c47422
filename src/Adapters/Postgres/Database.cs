using Npgsql;

namespace EventArchive.Postgres;

/// <summary>The schema: Marten 8's event tables, and our own tables with the prefix <c>ea_</c>.</summary>
public sealed class Database(NpgsqlDataSource source)
{
    /// <summary>Any number that nobody else uses; it spells 'EAschema'.</summary>
    private const long SchemaLock = 0x4541_7363_6865_6D61;

    private const int MigrationTimeoutSeconds = 120;

    /// <summary>Each may run again. The tables whose transactions last longest come first, so that no other lock is held while waiting for them.</summary>
    private static readonly string[] Scripts =
    [
        "ea_messages",
        "ea_pending_work",
        "ea_magnetlink_clocks",
        "ea_community_keys",
        "ea_inbox",
        "mt_streams",
        "mt_events",
        "mt_events_sequence",
        "mt_event_progression",
        "mt_mark_event_progression",
        "ea_append",
    ];

    /// <summary>Creates what is missing, in one transaction. May be called again, and by several processes at once.</summary>
    public async Task Apply(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Run($"set local lock_timeout = '{MigrationTimeoutSeconds}s'");
        await Run($"select pg_advisory_xact_lock({SchemaLock})");
        foreach (var script in Scripts)
            await Run(Sql.Read(script));
        await transaction.CommitAsync(cancellation);

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = MigrationTimeoutSeconds };
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }
}
