namespace EventArchive.Waku;

/// <param name="Unreadable">How many entries of the node's answer were not messages.</param>
public sealed record PolledMessages(IReadOnlyList<WakuMessage> Messages, int Unreadable);
