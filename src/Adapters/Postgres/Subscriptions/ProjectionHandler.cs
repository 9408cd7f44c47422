using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Projections;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Folds a batch of events in memory: one query for the rows it begins with, one statement for those it changed.</summary>
internal sealed class ProjectionHandler(Projection projection) : IEventHandler
{
    private readonly ProjectionTable table = new(projection);

    public string Name => projection.Name;

    public int BatchSize => 5000;

    public bool HasEffects => false;

    public string[] Unread { get; } = UnreadBy(projection);

    public async Task<Handled> Handle(
        IReadOnlyList<EventRow> events,
        NpgsqlConnection connection,
        NpgsqlBatch writes,
        CancellationToken cancellation
    )
    {
        var (recorded, fault) = Decode(events);
        var rows = new FoldedRows(projection);
        await table.Load(rows, recorded, connection, cancellation);
        var (count, unfolded) = Fold(projection, rows, recorded);
        if (rows.Changed.Count > 0)
            writes.BatchCommands.Add(table.Save(rows));
        return new(count, unfolded ?? fault);
    }

    /// <summary>A name that is not known is not among them: it stops the projection, since nobody can say what it is about.</summary>
    public static string[] UnreadBy(Projection projection) =>
        projection.About is { } about ? [.. StoredName.All.Where(name => !about.Contains(name.Value)).Select(name => name.Key)] : [];

    /// <summary>The events up to the first that cannot be read.</summary>
    public static (IReadOnlyList<RecordedEvent> Events, UnhandledEventException? Fault) Decode(IEnumerable<EventRow> rows)
    {
        List<RecordedEvent> events = [];
        try
        {
            foreach (var row in rows)
                events.Add(row.ToRecorded());
            return (events, null);
        }
        catch (UnreadableEventException fault)
        {
            return (events, new UnhandledEventException(fault.SeqId, fault.Reason, fault));
        }
    }

    /// <summary>How many events were folded, and why the next one was not.</summary>
    public static (int Count, UnhandledEventException? Fault) Fold(
        Projection projection,
        FoldedRows rows,
        IReadOnlyList<RecordedEvent> events
    )
    {
        for (var count = 0; count < events.Count; count++)
        {
            try
            {
                rows.Fold(events[count]);
            }
            catch (Exception fault)
            {
                // A fold is pure: whatever it throws is the event's fault, or its own, and trying again gives the same.
                var reason = $"{projection.Name} cannot fold {events[count].Event.GetType().Name}: {fault.Message}";
                return (count, new UnhandledEventException(events[count].Seq, reason, fault));
            }
        }
        return (events.Count, null);
    }
}
