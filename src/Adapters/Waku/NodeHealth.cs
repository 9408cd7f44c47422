namespace EventArchive.Waku;

/// <summary>What a Waku node says of itself. The HTTP status is 200 even when it is not ready.</summary>
/// <param name="Node">READY, NOT_READY, INITIALIZING, SYNCHRONIZING, NOT_MOUNTED or SHUTTING_DOWN.</param>
/// <param name="Relay">The same words for the relay protocol; null when the node does not say.</param>
public sealed record NodeHealth(string Node, string? Relay)
{
    /// <summary>The relay says itself that what it sends reaches nobody.</summary>
    public bool IsAlone => Relay == "NOT_READY";
}
