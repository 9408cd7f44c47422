using EventArchive.Events;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.EventStore;

/// <summary>Ties each event to all before it in its stream, in form 2 (docs/integrity.md).</summary>
internal static class HashChain
{
    /// <summary>Sets the event's headers. Its id, time, correlation and causation must be set before.</summary>
    /// <param name="body">Canonical JSON.</param>
    /// <returns>Its hash.</returns>
    public static EventHash Tie(MartenEvent e, string streamId, long version, byte[] body, Decision decision, EventHash? previous)
    {
        var headers = new HeadersOfForm2(decision.Actor, previous, decision.CauseEventId);
        var type = StoredName.Of(e.Data.GetType());
        var hash = EventHash.OfForm2(streamId, version, type, e.Id, body, e.Timestamp, e.CorrelationId, e.CausationId, headers.Canonical);
        e.Headers = headers.With(hash)!;
        return hash;
    }
}
