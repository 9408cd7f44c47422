using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Projections;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Projection <see cref="PendingWork"/> into <c>ea_pending_work</c>. Work that becomes due wakes the nodes when it is committed.</summary>
internal sealed class PendingWorkHandler : IEventHandler
{
    public string Name => Subscriptions.PendingWork;

    public int BatchSize => 1000;

    public bool HasEffects => false;

    public string[] Unread => [];

    public Task<Handled> Handle(
        IReadOnlyList<EventRow> events,
        NpgsqlConnection connection,
        NpgsqlBatch writes,
        CancellationToken cancellation
    )
    {
        for (var count = 0; count < events.Count; count++)
        {
            try
            {
                Add(events[count].ToRecorded(), writes);
            }
            catch (UnreadableEventException fault)
            {
                return Task.FromResult(new Handled(count, new UnhandledEventException(fault.SeqId, fault.Reason, fault)));
            }
        }
        return Task.FromResult(new Handled(events.Count));
    }

    private static void Add(RecordedEvent recorded, NpgsqlBatch writes)
    {
        var (over, due) = PendingWork.Apply(recorded.Event);
        var community = recorded.Event.CommunityId.ToString();
        if (over.Count > 0)
            writes.BatchCommands.Add(
                new("delete from ea_pending_work where community = $1 and effect = any($2)")
                {
                    Parameters =
                    {
                        new() { Value = community },
                        new() { Value = over.Select(effect => effect.ToString()).ToArray() },
                    },
                }
            );
        // One node more holds the files: it may do what only the others could.
        if (recorded.Event is SeedingStarted seeding)
            writes.BatchCommands.Add(
                new(
                    "update ea_pending_work set reserved_for = array_append(reserved_for, $2) "
                        + "where community = $1 and effect = 'Cut' and reserved_for is not null and not $2 = any(reserved_for)"
                )
                {
                    Parameters =
                    {
                        new() { Value = community },
                        new() { Value = seeding.Node },
                    },
                }
            );
        // One node fewer holds them, or none: whoever takes the work next asks who does.
        if (recorded.Event is SeedingStopped)
            writes.BatchCommands.Add(
                new("update ea_pending_work set reserved_for = null where community = $1 and reserved_for is not null")
                {
                    Parameters = { new() { Value = community } },
                }
            );
        if (due is null)
            return;
        // A new cause begins afresh; the higher fence shuts out whoever still works on the old one.
        writes.BatchCommands.Add(
            new(
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
                        awaited_keys = null,
                        reserved_for = null,
                        last_error = null
                    returning effect
                )
                select pg_notify('ea_work', effect) from work
                """
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
            }
        );
    }
}
