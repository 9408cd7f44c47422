using EventArchive.Events;
using EventArchive.Projections;
using Marten;
using Marten.Events.Projections;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.EventStore;

/// <summary>
/// <see cref="PendingWork"/> as rows of <c>ea_pending_work</c>, written with the events. Rows are told apart by the stream version of their
/// cause, so that folding anew keeps attempts, leases, fences and due times.
/// </summary>
public sealed class PendingWorkRows : IProjection
{
    public const string Name = "PendingWork";

    public Task ApplyAsync(IDocumentOperations operations, IReadOnlyList<MartenEvent> events, CancellationToken cancellation)
    {
        foreach (var e in events)
        {
            if (e.Data is IEvent data)
                Add(operations, e, ISupersededEvent.Newest(data));
        }
        return Task.CompletedTask;
    }

    private static void Add(IDocumentOperations operations, MartenEvent e, IEvent data)
    {
        var (over, due) = PendingWork.Apply(data);
        var community = data.CommunityId.ToString();
        foreach (var effect in over)
            operations.QueueSqlCommand(
                "delete from ea_pending_work where community = ? and effect = ? and cause_version < ?",
                community,
                effect.ToString(),
                e.Version
            );
        // One node more holds the files: it may do what only the others could.
        if (data is SeedingStarted seeding)
            operations.QueueSqlCommand(
                "update ea_pending_work set reserved_for = array_append(reserved_for, ?) "
                    + "where community = ? and effect = 'Cut' and reserved_for is not null and not (? = any(reserved_for)) and cause_version < ?",
                seeding.Node,
                community,
                seeding.Node,
                e.Version
            );
        // One node fewer holds them, or none: the next that takes the work asks which.
        if (data is SeedingStopped)
            operations.QueueSqlCommand(
                "update ea_pending_work set reserved_for = null where community = ? and reserved_for is not null and cause_version < ?",
                community,
                e.Version
            );
        if (due is { } begun)
            AddDue(operations, e, community, begun.ToString());
    }

    /// <summary>A new cause begins afresh; the higher fence shuts out the node that still works on the old one.</summary>
    private static void AddDue(IDocumentOperations operations, MartenEvent e, string community, string effect)
    {
        operations.QueueSqlCommand(
            """
            insert into ea_pending_work as w (community, effect, cause_id, cause_version, correlation_id, since, attempts, next_due, fence)
            values (?, ?, ?, ?, ?, ?, 0, clock_timestamp(), 0)
            on conflict (community, effect) do update set
                cause_id = excluded.cause_id, cause_version = excluded.cause_version, correlation_id = excluded.correlation_id,
                since = excluded.since, attempts = 0, next_due = excluded.next_due, lease_node = null, lease_until = null,
                fence = w.fence + 1, parked_reason = null, awaited_keys = null, reserved_for = null, last_error = null
            where w.cause_version < excluded.cause_version
            """,
            community,
            effect,
            e.Id,
            e.Version,
            e.CorrelationId ?? "",
            e.Timestamp.ToUniversalTime()
        );
    }
}
