using EventArchive.EventStore;

namespace EventArchive.Waku;

/// <summary>One page of a store's answer.</summary>
/// <param name="Cursor">Asks for the next page; null: there is none.</param>
/// <param name="Refusal">Why the store did not answer, whatever the HTTP status said; null: it did.</param>
public sealed record StoredMessages(IReadOnlyList<WakuMessage> Messages, string? Cursor, string? Refusal = null);
