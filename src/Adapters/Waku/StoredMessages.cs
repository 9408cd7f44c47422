namespace EventArchive.Waku;

/// <summary>One page of a store's answer.</summary>
/// <param name="Cursor">Asks for the next page; null: there is none.</param>
public sealed record StoredMessages(IReadOnlyList<WakuMessage> Messages, string? Cursor);
