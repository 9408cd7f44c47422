using EventArchive.Handlers;
using EventArchive.Projections;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Projection <see cref="PendingWork"/> into <c>ea_pending_work</c>. Work that becomes due wakes the nodes when it is committed.</summary>
internal sealed class PendingWorkHandler : IEventHandler
{
    public string Name => "PendingWork";

    public async Task Handle(RecordedEvent recorded, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var (over, due) = PendingWork.Apply(recorded.Event);
        var community = recorded.Event.CommunityId.ToString();
        if (over.Count > 0)
        {
            await using var delete = new NpgsqlCommand("delete from ea_pending_work where community = $1 and effect = any($2)", connection)
            {
                Parameters =
                {
                    new() { Value = community },
                    new() { Value = over.Select(effect => effect.ToString()).ToArray() },
                },
            };
            await delete.ExecuteNonQueryAsync(cancellation);
        }
        if (due is null)
            return;
        // A new cause begins afresh; the higher fence shuts out whoever still works on the old one.
        await using var upsert = new NpgsqlCommand(
            """
            with work as (
                insert into ea_pending_work as w (community, effect, cause_id, cause_seq, since, attempts, next_due, fence)
                values ($1, $2, $3, $4, $5, 0, clock_timestamp(), 0)
                on conflict (community, effect) do update set
                    cause_id = excluded.cause_id,
                    cause_seq = excluded.cause_seq,
                    since = excluded.since,
                    attempts = 0,
                    next_due = excluded.next_due,
                    lease_node = null,
                    lease_until = null,
                    fence = w.fence + 1,
                    parked_reason = null,
                    last_error = null
                returning effect
            )
            select pg_notify('ea_work', effect) from work
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = community },
                new() { Value = due.Value.ToString() },
                new() { Value = recorded.Id },
                new() { Value = recorded.Seq },
                new() { Value = recorded.At },
            },
        };
        await upsert.ExecuteNonQueryAsync(cancellation);
    }

    public bool IsTheEventsFault(Exception fault) => !DatabaseFault.Is(fault);
}
