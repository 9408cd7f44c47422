using EventArchive.Events;
using EventArchive.Projections;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.EventStore;

/// <summary>Marten's events as this service hands them on.</summary>
public static class RecordedEvents
{
    public static RecordedEvent ToRecorded(this MartenEvent e, IEvent data) =>
        new(
            e.Sequence,
            e.Id,
            e.StreamKey ?? "",
            e.Version,
            ISupersededEvent.Newest(data),
            e.Timestamp,
            AsGuid(e.CorrelationId),
            AsGuid(e.CausationId),
            e.GetHeader(CommunitySnapshot.HashHeader)?.ToString() is { } hash ? EventHash.Parse(hash) : null
        );

    private static Guid? AsGuid(string? text) => Guid.TryParse(text, out var id) ? id : null;
}
