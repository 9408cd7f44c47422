namespace EventArchive.Events;

/// <summary>A recorded message that was left out of the archive of its window.</summary>
/// <param name="Hash">The Waku message hash as 0x-hex.</param>
public sealed record SetAsideMessage(string Hash, string Reason);
