using EventArchive.Events;
using EventArchive.Projections;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>Brings the rows of <see cref="PendingWork"/>, which had a checkpoint, to the end of the store: from now on they are written with the events.</summary>
internal sealed class PendingWorkMigration(NpgsqlTransaction transaction)
{
    /// <exception cref="InvalidOperationException">An event cannot be read; with its <c>seq_id</c>.</exception>
    public async Task CatchUp(long after, CancellationToken cancellation)
    {
        await foreach (var page in new EventCursor(transaction, $"e.seq_id > {after}", "e.seq_id").Pages(cancellation))
        {
            await using var writes = new NpgsqlBatch(transaction.Connection, transaction);
            foreach (var row in page.Where(row => !row.Skipped))
                Add(row, row.Read(), writes);
            if (writes.BatchCommands.Count > 0)
                await writes.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static void Add(MigratedEvent row, IEvent @event, NpgsqlBatch writes)
    {
        var (over, due) = PendingWork.Apply(@event);
        var community = @event.CommunityId.ToString();
        if (over.Count > 0)
            writes.BatchCommands.Add(
                Command(
                    "delete from ea_pending_work where community = $1 and effect = any($2)",
                    community,
                    over.Select(effect => effect.ToString()).ToArray()
                )
            );
        if (@event is SeedingStarted seeding)
            writes.BatchCommands.Add(
                Command(
                    "update ea_pending_work set reserved_for = array_append(reserved_for, $2) "
                        + "where community = $1 and effect = 'Cut' and reserved_for is not null and not $2 = any(reserved_for)",
                    community,
                    seeding.Node
                )
            );
        if (@event is SeedingStopped)
            writes.BatchCommands.Add(
                Command("update ea_pending_work set reserved_for = null where community = $1 and reserved_for is not null", community)
            );
        if (due is not null)
            writes.BatchCommands.Add(Due(row, community, due.Value));
    }

    /// <summary>A new cause begins afresh; the higher fence shuts out a node that still works on the old one.</summary>
    private static NpgsqlBatchCommand Due(MigratedEvent row, string community, Effect effect)
    {
        var command = Command(
            """
            insert into ea_pending_work as w (community, effect, cause_id, cause_version, since, attempts, next_due, fence, correlation_id)
            values ($1, $2, $3, $4, $5, 0, clock_timestamp(), 0, $6)
            on conflict (community, effect) do update set
                cause_id = excluded.cause_id,
                cause_version = excluded.cause_version,
                correlation_id = excluded.correlation_id,
                since = excluded.since,
                attempts = 0,
                next_due = excluded.next_due,
                lease_node = null,
                lease_until = null,
                fence = w.fence + 1,
                parked_reason = null,
                awaited_keys = null,
                reserved_for = null,
                last_error = null
            """,
            community,
            effect.ToString(),
            row.Id,
            row.Version,
            row.At
        );
        command.Parameters.Add(new() { Value = (object?)row.CorrelationId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return command;
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
