namespace EventArchive.Postgres;

/// <summary>What a walk over the streams found.</summary>
/// <param name="Form1">Events with a hash of form 1, which covers neither time nor headers.</param>
/// <param name="Form2">Events with a hash of form 2.</param>
/// <param name="Unhashed">Events without a hash that a foreign writer, or this service before it hashed, has stored. They break nothing.</param>
/// <param name="Tombstones">Rows of the type tombstone, which Marten writes for failed appends. They are no events and are not in the other counts.</param>
/// <param name="BrokenStreams">How many streams have an event that does not fit.</param>
/// <param name="First">Of all broken ones the one with the lowest seq_id.</param>
/// <param name="Broken">The first one of each stream, at most <see cref="MaxBroken"/>.</param>
public sealed record VerifyReport(
    long Events,
    long Streams,
    long Form1,
    long Form2,
    long Unhashed,
    long Tombstones,
    long BrokenStreams,
    BrokenEvent? First,
    IReadOnlyList<BrokenEvent> Broken
)
{
    /// <summary>Enough to see what happened; more would only fill the memory.</summary>
    public const int MaxBroken = 100;

    public bool Whole => BrokenStreams == 0;
}
