namespace EventArchive.Postgres;

/// <summary>
/// A subscription cannot handle an event, and trying again would give the same. It stops there; a publisher may throw this itself to
/// say that the event is at fault and not the bus.
/// </summary>
public sealed class UnhandledEventException(long seqId, string reason, Exception? inner = null)
    : Exception($"Event seq_id {seqId} cannot be handled: {reason}", inner)
{
    public long SeqId { get; } = seqId;

    public string Reason { get; } = reason;
}
