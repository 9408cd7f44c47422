namespace EventArchive.Postgres;

/// <param name="LastSeq">Its checkpoint: the last event handled.</param>
/// <param name="LastMovedAt">When the checkpoint moved last, on whichever node; null: never yet.</param>
/// <param name="HeadSeq">The last event of the store; the distance is what is still to do.</param>
/// <param name="StoppedReason">Why it stands for good in this process; null: it runs, or waits for its turn.</param>
/// <param name="LastError">The failure that this process is waiting out.</param>
public sealed record SubscriptionStatus(
    string Name,
    long LastSeq,
    DateTimeOffset? LastMovedAt,
    long HeadSeq,
    string? StoppedReason,
    string? LastError
);
