using EventArchive.Projections;
using Marten;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>A database of schema 4, whose append functions were our own, on its way to schema 5. One transaction of the caller's.</summary>
internal sealed class Migration
{
    /// <summary>The version that is migrated.</summary>
    public const int From = 4;

    private readonly long pendingWorkUpTo;

    private Migration(long pendingWorkUpTo) => this.pendingWorkUpTo = pendingWorkUpTo;

    /// <summary>Checks that it can be, and takes away what Marten's new tables do not fit beside.</summary>
    /// <exception cref="InvalidOperationException">A node is at work, or pending work had stopped.</exception>
    public static async Task<Migration> Begin(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await NodesAtWork.Refuse(connection, "The database cannot be migrated", cancellation);
        if (
            await connection.Ask(
                "select format('event %s: %s', seq_id, reason) from ea_subscription_faults where name = 'PendingWork'",
                cancellation
            )
            is string reason
        )
            throw new InvalidOperationException(
                $"{nameof(PendingWork)} has stopped at {reason} Repair it with the release before this one first: its rows are carried over."
            );
        var upTo = await connection.Ask("select last_seq_id from mt_event_progression where name = 'PendingWork'", cancellation);
        await connection.Run(Sql.Read("migrate_4_to_5"), cancellation);
        return new Migration(upTo as long? ?? 0);
    }

    /// <summary>Fills Marten's tables.</summary>
    /// <exception cref="InvalidOperationException">An event cannot be read; with its <c>seq_id</c>.</exception>
    public async Task Move(IDocumentStore store, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await transaction.Connection!.Run(Sql.Read("move_4_to_5"), cancellation);
        await new PendingWorkMigration(transaction).CatchUp(pendingWorkUpTo, cancellation);
        await new SnapshotMigration(store, transaction).Build("true", cancellation);
    }
}
