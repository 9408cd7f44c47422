using EventArchive.Events;
using EventArchive.Projections;
using EventArchive.Tests.Unit.Domain;

namespace EventArchive.Tests.Unit.Projections;

/// <summary>A history folded by one projection: the event at position n is stored n minutes after <see cref="Sample.Now"/>.</summary>
internal static class Folded
{
    public static DateTimeOffset At(int seq) => Sample.Now.AddMinutes(seq);

    public static RecordedEvent Recorded(IEvent @event, int seq) => new(seq, Guid.Empty, "s", seq, @event, At(seq), null, null);

    /// <summary>All rows, in the order of their keys.</summary>
    public static IReadOnlyList<TRow> Rows<TRow>(Projection<TRow> projection, params IEnumerable<IEvent> events)
        where TRow : class
    {
        var rows = new FoldedRows(projection);
        foreach (var (index, @event) in events.Index())
            rows.Fold(Recorded(@event, index + 1));
        return [.. rows.All.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => (TRow)row.Value!)];
    }
}
