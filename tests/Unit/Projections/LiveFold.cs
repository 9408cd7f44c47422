using EventArchive.Projections;
using JasperFx.Events;
using JasperFx.Events.Aggregation;
using JasperFx.Events.Grouping;
using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;
using IEvent = JasperFx.Events.IEvent;

namespace EventArchive.Tests.Projections;

/// <summary>Documents folded in memory as Marten folds them: the projection's own ids and types, one event after the other.</summary>
internal static class LiveFold
{
    /// <summary>Every projection: its documents by their ids, in byte order.</summary>
    public static IReadOnlyList<(
        FoldedProjection Projection,
        Func<IReadOnlyList<IEvent>, SortedDictionary<string, object>> Fold
    )> All { get; } =
    [
        (AllProjections.MagnetlinkClocks, events => Documents(new MagnetlinkClocks(), events)),
        (AllProjections.Communities, events => Documents(new Communities(), events)),
        (AllProjections.Archives, events => Documents(new EventArchive.Projections.Archives(), events)),
        (AllProjections.Seeding, events => Documents(new Seeding(), events)),
        (AllProjections.Downloads, events => Documents(new Downloads(), events)),
        (AllProjections.Timeline, events => Documents(new Timeline(), events)),
        (AllProjections.Schedule, events => Documents(new Schedule(), events)),
    ];

    public static SortedDictionary<string, object> Documents<TDocument>(
        JasperFxAggregationProjectionBase<TDocument, string, IDocumentOperations, IQuerySession> projection,
        IEnumerable<IEvent> events
    )
        where TDocument : class
    {
        SortedDictionary<string, object> documents = new(StringComparer.Ordinal);
        foreach (var e in events.Where(e => IsAbout(projection, e)))
        foreach (var id in KeysOf(projection, e))
            if (projection.Evolve((TDocument?)documents.GetValueOrDefault(id), id, e) is { } document)
                documents[id] = document;
        return documents;
    }

    public static IReadOnlyList<string> KeysOf<TDocument>(
        JasperFxAggregationProjectionBase<TDocument, string, IDocumentOperations, IQuerySession> projection,
        IEvent e
    )
        where TDocument : class
    {
        if (projection is not MultiStreamProjection<TDocument, string> many)
            return [e.StreamKey!];
        // It needs no session, and is done at once.
        var groups = many.BuildSlicer(null!).SliceAsync([e]).AsTask().GetAwaiter().GetResult();
        return [.. groups.Cast<SliceGroup<TDocument, string>>().SelectMany(group => group.Slices).Select(slice => slice.Id)];
    }

    /// <summary>An event as Marten reads it.</summary>
    public static IEvent Wrap(Events.IEvent data, long seq, long version, DateTimeOffset at)
    {
        var e = (IEvent)Activator.CreateInstance(typeof(Event<>).MakeGenericType(data.GetType()), data)!;
        e.Id = Guid.Empty;
        e.StreamKey = $"community-{data.CommunityId}";
        (e.Sequence, e.Version, e.Timestamp) = (seq, version, at);
        return e;
    }

    private static bool IsAbout(EventFilterable projection, IEvent e) =>
        projection.IncludedEventTypes.Count == 0 || projection.IncludedEventTypes.Contains(e.EventType);
}
