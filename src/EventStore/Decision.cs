using EventArchive.Events;

namespace EventArchive.EventStore;

/// <summary>What is stored for one command: its events and its outcome, together or not at all. No event and no refusal: the wish was true already.</summary>
/// <param name="Command">The command's name.</param>
/// <param name="Actor">Who asked.</param>
/// <param name="CorrelationId">Of the line that the command belongs to; null: the command begins one.</param>
/// <param name="CauseEventId">The event whose effect reports; null for a command from outside.</param>
/// <param name="Refusal">Set when the command was refused; Events is then empty.</param>
public sealed record Decision(
    IReadOnlyList<IEvent> Events,
    string Command,
    string Actor,
    Guid? CorrelationId = null,
    Guid? CauseEventId = null,
    Refusal? Refusal = null
);
