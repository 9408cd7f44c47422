namespace EventArchive.EventStore;

/// <summary>Where a projection, or the publisher, stands.</summary>
/// <param name="LastSeq">The last event it has handled.</param>
/// <param name="LastMovedAt">When it moved last, on whichever node; null: never yet.</param>
/// <param name="HeadSeq">The last event of the store; the distance is what is still to do.</param>
/// <param name="StoppedReason">Why it stopped at the next event, and what to do; null: it has not.</param>
/// <param name="StandsSince">Since when events wait and it does not move, if that is longer than <see cref="ProjectionHealth.StandstillLimit"/>.</param>
/// <param name="LastError">The failure that this process is waiting out.</param>
public sealed record ProjectionStatus(
    string Name,
    long LastSeq,
    DateTimeOffset? LastMovedAt,
    long HeadSeq,
    string? StoppedReason,
    DateTimeOffset? StandsSince,
    string? LastError
)
{
    public long Behind => Math.Max(0, HeadSeq - LastSeq);
}
