using EventArchive.Events;
using EventArchive.Tests.Projections;
using EventArchive.Tests.Unit.Domain;
using JasperFx.Events.Aggregation;
using Marten;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.Tests.Unit.Projections;

/// <summary>A history folded by one projection: the event at position n is stored n minutes after <see cref="Sample.Now"/>.</summary>
internal static class Folded
{
    /// <summary>Of the one community of the samples.</summary>
    public static readonly string Stream = $"community-{Sample.Id}";

    public static DateTimeOffset At(int seq) => Sample.Now.AddMinutes(seq);

    public static MartenEvent Recorded(IEvent @event, int seq) => LiveFold.Wrap(@event, seq, seq, At(seq));

    public static IReadOnlyList<MartenEvent> Recorded(params IEnumerable<IEvent> events) =>
        [.. events.Index().Select(one => Recorded(one.Item, one.Index + 1))];

    /// <summary>All documents, in the order of their ids.</summary>
    public static IReadOnlyList<TDocument> Rows<TDocument>(
        JasperFxAggregationProjectionBase<TDocument, string, IDocumentOperations, IQuerySession> projection,
        params IEnumerable<IEvent> events
    )
        where TDocument : class => [.. LiveFold.Documents(projection, Recorded(events)).Values.Cast<TDocument>()];
}
