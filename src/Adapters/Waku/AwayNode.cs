namespace EventArchive.Waku;

/// <summary>A node through which nothing can be heard at present.</summary>
/// <param name="Node">Its REST address.</param>
/// <param name="Since">When the first try failed.</param>
/// <param name="Reason">Why the last one did, and what to do about it.</param>
public sealed record AwayNode(Uri Node, DateTimeOffset Since, string Reason);
