using EventArchive.Projections;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// The table that is built beside the live one, with a checkpoint of its own, and its change of places with the live one. Every statement runs
/// in the transaction of the caller.
/// </summary>
internal sealed class RebuildTable(Projection projection)
{
    public const string CheckpointSuffix = ":rebuild";

    private readonly string live = new ProjectionTable(projection).Name;

    /// <summary>Rows of another version's fold are no beginning for this one's.</summary>
    private readonly string version = $"folded by {typeof(Projection).Assembly.ManifestModule.ModuleVersionId}";

    public ProjectionTable Rows { get; } = new(projection, "_rebuild");

    /// <summary>Name of its row in <c>mt_event_progression</c>.</summary>
    public string Checkpoint { get; } = projection.Name + CheckpointSuffix;

    /// <summary>Where an earlier rebuild of this version got to; otherwise everything is made anew, and it is 0.</summary>
    public async Task<long> Open(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await Postgres.Checkpoint.Register(projection.Name, connection, cancellation);
        await using (
            var find = new NpgsqlCommand(
                "select last_seq_id from mt_event_progression where name = $1 and obj_description(to_regclass($2), 'pg_class') = $3",
                connection
            )
            {
                Parameters =
                {
                    new() { Value = Checkpoint },
                    new() { Value = Rows.Name },
                    new() { Value = version },
                },
            }
        )
            if (await find.ExecuteScalarAsync(cancellation) is long seq)
                return seq;
        await Run(
            $"""
            drop table if exists {Rows.Name};
            create table {Rows.Name} (
                key text collate "C" not null,
                row jsonb not null,
                constraint pkey_{Rows.Name} primary key (key)
            );
            comment on table {Rows.Name} is '{version}';
            delete from mt_event_progression where name = '{Checkpoint}';
            insert into mt_event_progression (name, last_seq_id) values ('{Checkpoint}', 0)
            """,
            connection,
            cancellation
        );
        return 0;
    }

    /// <summary>Holds the live checkpoint until the end of the transaction: no subscription writes to the live table meanwhile.</summary>
    /// <exception cref="PostgresException">55P03: a subscription held it for too long.</exception>
    public async Task<long> LockLive(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select coalesce(last_seq_id, 0) from mt_event_progression where name = $1 for update",
            connection
        )
        {
            Parameters = { new() { Value = projection.Name } },
        };
        return await command.ExecuteScalarAsync(cancellation) is long seq
            ? seq
            : throw new InvalidOperationException($"The checkpoint of {projection.Name} was deleted meanwhile: run the rebuild again.");
    }

    /// <summary>Puts this table in the place of the live one, under its names, and the live checkpoint to where this table stands.</summary>
    public Task Swap(long seq, NpgsqlConnection connection, CancellationToken cancellation) =>
        Run(
            $"""
            set local synchronous_commit = on;
            drop table {live};
            alter table {Rows.Name} rename to {live};
            alter table {live} rename constraint pkey_{Rows.Name} to pkey_{live};
            comment on table {live} is null;
            update mt_event_progression set last_seq_id = {seq}, last_updated = clock_timestamp() where name = '{projection.Name}';
            delete from mt_event_progression where name = '{Checkpoint}';
            delete from ea_subscription_faults where name = '{Checkpoint}' or (name = '{projection.Name}' and seq_id <= {seq});
            select pg_notify('{Notifications.EventsChannel}', '')
            """,
            connection,
            cancellation
        );

    private static async Task Run(string sql, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
