using EventArchive.EventStore;
using Marten;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>The schema: Marten's tables and our own, which have the prefix <c>ea_</c>.</summary>
/// <param name="store">What it expects is what the database gets.</param>
/// <param name="source">Of the same database.</param>
public sealed class Database(IDocumentStore store, NpgsqlDataSource source)
{
    /// <summary>The schema's version, in the one row of <c>ea_schema</c>. It rises when a release changes the schema.</summary>
    public const int Version = 5;

    /// <summary>Another apply that migrates takes as long as there are events.</summary>
    private const int LockMinutes = 60;

    /// <summary>Any number that nobody else uses; it spells 'EAschema'.</summary>
    private const long SchemaLock = 0x4541_7363_6865_6D61;

    private static readonly string RecordVersion = $"""
        insert into ea_schema as s (version, applied_at) values ({Version}, clock_timestamp())
        on conflict (one) do update set version = excluded.version, applied_at = excluded.applied_at
        where s.version <> excluded.version;
        {Folds.Record}
        """;

    /// <summary>The name tells it from a node at work.</summary>
    private static readonly string Begin = $"""
        set local application_name = 'eventarchive db';
        set local statement_timeout = 0;
        set local lock_timeout = '{LockMinutes}min';
        select pg_advisory_xact_lock({SchemaLock});
        set local lock_timeout = '{(long)PostgresDataSource.LockTimeout.TotalMilliseconds}ms';
        """;

    /// <summary>What <see cref="Apply"/> runs on an empty database, to be read or run by hand, once.</summary>
    public static string Script
    {
        get
        {
            // Nothing is asked of a server.
            using var source = NpgsqlDataSource.Create("Host=none");
            using var store = StoreOf(source);
            return string.Join("\n\n", "begin;", Begin, SchemaChange.Create(store).Trim(), RecordVersion, "commit;");
        }
    }

    /// <summary>With a store as the service sets it up; for tools.</summary>
    public static Database Of(NpgsqlDataSource source) => new(StoreOf(source), source);

    /// <summary>A store as the service sets it up. For reading many events the data source should not prepare statements by itself.</summary>
    public static DocumentStore StoreOf(NpgsqlDataSource source, Action<StoreOptions>? change = null) =>
        DocumentStore.For(options =>
        {
            options.Connection(source);
            EventStoreSetup.Configure(options);
            Schema.AddTo(options);
            change?.Invoke(options);
        });

    /// <summary>
    /// Makes what is missing, migrates a database of the version before, and folds anew what another fold made or what is not that of its
    /// stream. One transaction: what fails or is cut off has changed nothing and may be called again. Several processes may call it at once.
    /// </summary>
    /// <param name="agreed">To drop what the store does not know, and to migrate, from which there is no way back.</param>
    /// <exception cref="ApplyNotAgreedException">It would do one of these, and is not agreed to.</exception>
    /// <exception cref="SchemaVersionException">The database is of a newer version, or too old.</exception>
    /// <exception cref="InvalidOperationException">A node is at work, an event cannot be read, or a table cannot be changed.</exception>
    public async Task Apply(bool agreed, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.Run(Begin, cancellation);
        var found = await ReadVersion(connection, cancellation);
        if (found > Version)
            throw SchemaVersionException.Newer(found, Version);
        if (found is > 0 and < Migration.From)
            throw SchemaVersionException.TooOld(found, Version);
        var migration = found == Migration.From ? await Migration.Begin(connection, cancellation) : null;
        var change = await SchemaChange.Find(store, connection, cancellation);
        if (!agreed && WhatToAgreeTo(migration is not null, change.Drops) is { } what)
            throw new ApplyNotAgreedException(what);
        await connection.Run(change.Sql, cancellation);
        if (migration is not null)
            await migration.Move(store, transaction, cancellation);
        else if (found == Version)
            await new FoldRebuild(store, transaction).Run(cancellation);
        await connection.Run(RecordVersion, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>
    /// For a service that starts: an empty database gets the tables, one of this version is left alone, so that the service may run as a user
    /// who must not change tables. Nothing is migrated.
    /// </summary>
    /// <exception cref="SchemaVersionException">The database is of another version, or folded otherwise.</exception>
    public async Task ApplyIfEmpty(CancellationToken cancellation)
    {
        if (await ReadVersion(cancellation) == 0)
            await Apply(agreed: false, cancellation);
        else
            await RequireVersion(cancellation);
    }

    /// <summary>For who uses the tables and must not change them.</summary>
    /// <exception cref="SchemaVersionException">The database is of another version than this program, or folded otherwise.</exception>
    public async Task RequireVersion(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var found = await ReadVersion(connection, cancellation);
        if (found > Version)
            throw SchemaVersionException.Newer(found, Version);
        if (found < Version)
            throw SchemaVersionException.Older(found, Version);
        if (await Folds.FindOthers(connection, cancellation) is { Count: > 0 } others)
            throw SchemaVersionException.OtherFold(others);
    }

    /// <summary>How the tables and functions differ from what is expected, one line each; none: they are as <see cref="Apply"/> makes them.</summary>
    /// <exception cref="SchemaVersionException">The database is of a newer version.</exception>
    public async Task<IReadOnlyList<string>> Differences(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        var found = await ReadVersion(connection, cancellation);
        return found > Version
            ? throw SchemaVersionException.Newer(found, Version)
            : (await SchemaChange.Find(store, connection, cancellation)).Differences;
    }

    private static string? WhatToAgreeTo(bool migrates, IReadOnlyList<string> drops)
    {
        var dropped =
            drops.Count == 0
                ? null
                : $"The database holds what this program does not know, and it would be dropped: {string.Join("; ", drops)}.";
        return migrates
            ? $"The database would be migrated from schema version {Migration.From} to {Version}, from which there is no way back: take a backup first. {dropped}".TrimEnd()
            : dropped;
    }

    private async Task<int> ReadVersion(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await ReadVersion(connection, cancellation);
    }

    /// <summary>0: nothing of ours is there. A database from before there were versions is known by its inbox.</summary>
    private static async Task<int> ReadVersion(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select to_regclass('ea_schema') is not null, to_regclass('ea_inbox') is not null",
            connection
        );
        bool old;
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            await reader.ReadAsync(cancellation);
            old = reader.GetBoolean(1);
            if (!reader.GetBoolean(0))
                return old ? 1 : 0;
        }
        await using var version = new NpgsqlCommand("select version from ea_schema", connection);
        // Without its row an old database may be of any version; a new one gets the row again.
        return await version.ExecuteScalarAsync(cancellation) is int found ? found
            : old ? 1
            : Version;
    }
}
