namespace EventArchive.Handlers;

/// <summary>Why a command is handled.</summary>
/// <param name="MessageId">The command's message id; an id is handled once.</param>
/// <param name="Actor">Who asked, as <see cref="Handlers.Actor"/> names it.</param>
/// <param name="CorrelationId">Of the line that the command belongs to; null: its message id begins one.</param>
/// <param name="EventId">The event whose effect reports; null: a command from outside.</param>
public sealed record Cause(Guid MessageId, string Actor, Guid? CorrelationId = null, Guid? EventId = null);
