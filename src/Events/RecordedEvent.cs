namespace EventArchive.Events;

/// <summary>An event as it stands in the store.</summary>
/// <param name="Seq">Position among all events, from 1, rising in commit order.</param>
/// <param name="Version">Position in its stream, from 1 without a hole.</param>
/// <param name="CausationId">Message id of the command that was decided.</param>
/// <param name="Hash">Ties the event to all before it in its stream; null for an event that a foreign writer stored without one.</param>
public sealed record RecordedEvent(
    long Seq,
    Guid Id,
    string StreamId,
    long Version,
    IEvent Event,
    DateTimeOffset At,
    Guid? CorrelationId,
    Guid? CausationId,
    EventHash? Hash = null
);
