using Npgsql;

namespace EventArchive.Postgres;

/// <summary>The schema: Marten 8's event tables, and our own tables with the prefix <c>ea_</c>.</summary>
public sealed class Database(NpgsqlDataSource source)
{
    /// <summary>The schema's version, in the one row of <c>ea_schema</c>. It rises when a release changes the schema; 1 had no such table yet.</summary>
    public const int Version = 4;

    /// <summary>Any number that nobody else uses; it spells 'EAschema'.</summary>
    private const long SchemaLock = 0x4541_7363_6865_6D61;

    private const int MigrationTimeoutSeconds = 120;

    /// <summary>Moving messages takes as long as there are messages.</summary>
    private const int NoTimeout = 0;

    /// <summary>What only the way from an older version needs, by that version.</summary>
    private static readonly Dictionary<int, string[]> Migrations = new()
    {
        [1] = ["migrate_1_to_2"],
        [2] = ["set_messages_aside", "ea_messages", "migrate_2_to_3"],
        [3] = ["migrate_3_to_4"],
    };

    /// <summary>Each may run again. The tables whose transactions last longest come first, so that no other lock is held while waiting for them.</summary>
    private static readonly string[] Scripts =
    [
        "ea_messages",
        "ea_coverage",
        "ea_channel_keys",
        "ea_topic_keys",
        "ea_pending_work",
        "ea_magnetlink_clocks",
        "ea_communities",
        "ea_archives",
        "ea_seeding",
        "ea_nodes",
        "ea_downloads",
        "ea_timeline",
        "ea_schedule",
        "ea_subscription_faults",
        "ea_skipped_events",
        "ea_community_keys",
        "ea_ratchet_keys",
        "ea_community_states",
        "ea_signing_keys",
        "ea_key_ring",
        "ea_api_keys",
        "ea_signed_heads",
        "ea_inbox",
        "mt_streams",
        "mt_events",
        "mt_events_sequence",
        "mt_event_progression",
        "mt_mark_event_progression",
        "mt_quick_append_events",
        "mt_archive_stream",
        "mt_doc_deadletterevent",
        "mt_insert_deadletterevent",
        "mt_update_deadletterevent",
        "mt_upsert_deadletterevent",
        "ea_append_clock",
        "ea_append",
        "ea_append_one",
        "ea_seq_before",
        "ea_schema",
    ];

    private static readonly string[] Preparation =
    [
        $"set local lock_timeout = '{MigrationTimeoutSeconds}s';",
        $"select pg_advisory_xact_lock({SchemaLock});",
    ];

    private static readonly string RecordVersion = $"""
        insert into ea_schema as s (version, applied_at) values ({Version}, clock_timestamp())
        on conflict (one) do update set version = excluded.version, applied_at = excluded.applied_at
        where s.version <> excluded.version;
        """;

    /// <summary>What <see cref="Apply"/> runs on an empty database, for whoever has to read it or run it by hand.</summary>
    public static string Script { get; } =
        string.Join("\n\n", ["begin;", .. Preparation, .. Scripts.Select(script => Sql.Read(script).TrimEnd()), RecordVersion, "commit;"]);

    /// <summary>Creates what is missing and migrates what is older, in one transaction. May be called again, and by several processes at once.</summary>
    /// <exception cref="SchemaVersionException">The database is of a newer version.</exception>
    public async Task Apply(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        foreach (var sql in Preparation)
            await Run(sql);
        var found = await ReadVersion(connection, cancellation);
        if (found > Version)
            throw SchemaVersionException.Newer(found, Version);
        // From version 0, an empty database, there is nothing to migrate.
        for (var from = Math.Max(found, 1); found > 0 && from < Version; from++)
            foreach (var migration in Migrations[from])
                await Run(Sql.Read(migration), NoTimeout);
        foreach (var script in Scripts)
            await Run(Sql.Read(script));
        await Run(RecordVersion);
        await transaction.CommitAsync(cancellation);

        async Task Run(string sql, int timeoutSeconds = MigrationTimeoutSeconds)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = timeoutSeconds };
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>
    /// For a service that starts: a database of this version is left alone, so that it may run as a user who must not change tables, and
    /// takes no lock on them beside nodes at work.
    /// </summary>
    /// <exception cref="SchemaVersionException">The database is of a newer version.</exception>
    public async Task ApplyIfOlder(CancellationToken cancellation)
    {
        await using (var connection = await source.OpenConnectionAsync(cancellation))
        {
            if (await ReadVersion(connection, cancellation) == Version)
                return;
        }
        await Apply(cancellation);
    }

    /// <summary>For whoever uses the tables and must not change them.</summary>
    /// <exception cref="SchemaVersionException">The database is of another version than this program.</exception>
    public async Task RequireVersion(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var found = await ReadVersion(connection, cancellation);
        if (found > Version)
            throw SchemaVersionException.Newer(found, Version);
        if (found < Version)
            throw SchemaVersionException.Older(found, Version);
    }

    /// <summary>How the tables and functions differ from what is expected, one line each; none: they are as <see cref="Apply"/> makes them.</summary>
    /// <exception cref="SchemaVersionException">The database is of a newer version.</exception>
    public async Task<IReadOnlyList<string>> Differences(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var found = await ReadVersion(connection, cancellation);
        if (found > Version)
            throw SchemaVersionException.Newer(found, Version);
        return SchemaDescription.Compare(SchemaDescription.Expected, await SchemaDescription.Read(connection, cancellation));
    }

    /// <summary>0: nothing of ours is there. A database from before there were versions is known by its inbox.</summary>
    private static async Task<int> ReadVersion(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select to_regclass('ea_schema') is not null, to_regclass('ea_inbox') is not null",
            connection
        );
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            await reader.ReadAsync(cancellation);
            if (!reader.GetBoolean(0))
                return reader.GetBoolean(1) ? 1 : 0;
        }
        await using var version = new NpgsqlCommand("select version from ea_schema", connection);
        // Without its row the version is unknown: every migration runs, as each may again.
        return await version.ExecuteScalarAsync(cancellation) is int found ? found : 1;
    }
}
