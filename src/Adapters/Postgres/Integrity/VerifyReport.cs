namespace EventArchive.Postgres;

/// <summary>What a walk over the streams found.</summary>
/// <param name="Unhashed">Events without a hash that a foreign writer, or this service before it hashed, has stored. They break nothing.</param>
/// <param name="BrokenStreams">How many streams have an event that does not fit.</param>
/// <param name="First">Of all broken ones the one with the lowest seq_id.</param>
/// <param name="Broken">The first one of each stream, at most <see cref="MaxBroken"/>.</param>
public sealed record VerifyReport(
    long Events,
    long Streams,
    long Unhashed,
    long BrokenStreams,
    BrokenEvent? First,
    IReadOnlyList<BrokenEvent> Broken
)
{
    /// <summary>Enough to see what happened; more would only fill the memory.</summary>
    public const int MaxBroken = 100;

    public bool Whole => BrokenStreams == 0;
}
