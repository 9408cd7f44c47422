namespace EventArchive.Postgres;

/// <param name="LastSeq">Its checkpoint: the last event handled.</param>
/// <param name="LastMovedAt">When the checkpoint moved last, on whichever node; null: never yet.</param>
/// <param name="HeadSeq">The last event of the store; the distance is what is still to do.</param>
/// <param name="StoppedReason">Why it stands, on every node, until someone retries or skips the event, and how to; null: it has not stopped.</param>
/// <param name="StandsSince">
/// Since when events wait and the checkpoint does not move, if that is longer than <see cref="SubscriptionHealth.StandstillLimit"/>.
/// </param>
/// <param name="LastError">The failure that this process is waiting out.</param>
public sealed record SubscriptionStatus(
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
