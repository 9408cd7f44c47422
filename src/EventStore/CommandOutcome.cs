namespace EventArchive.EventStore;

/// <summary>What a command came to: events, nothing because it was true already, or a refusal. Stored with its events, or neither is.</summary>
/// <param name="MessageId">The command's message id: an id is handled once.</param>
/// <param name="Command">The command's name, for who asks later what the id was.</param>
public sealed record CommandOutcome(Guid MessageId, string Command, IReadOnlyList<Guid> EventIds, Refusal? Refusal, DateTimeOffset At);

/// <param name="Code">Stable, for programs: <c>unknown_community</c>.</param>
/// <param name="Reason">A sentence, for people.</param>
public sealed record Refusal(string Code, string Reason);
