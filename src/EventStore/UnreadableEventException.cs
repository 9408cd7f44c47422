namespace EventArchive.EventStore;

/// <summary>
/// A stored event that this version cannot read: an unknown name, or JSON of another shape. Reading it again gives the same, so
/// whoever reads stops here and says so.
/// </summary>
/// <param name="seqId">Its <c>seq_id</c>.</param>
/// <param name="reason">A sentence, for people.</param>
public sealed class UnreadableEventException(long seqId, string reason, Exception? inner = null)
    : UnusableCommunityException($"Event seq_id {seqId} cannot be read: {reason}", inner)
{
    public long SeqId { get; } = seqId;

    public string Reason { get; } = reason;
}
