namespace EventArchive.Postgres;

/// <summary>The first event of a stream that does not fit to what was written.</summary>
/// <param name="SeqId">0 for a stream that has no event left.</param>
/// <param name="Version">In its stream; where events are missing, the version of the first one missing.</param>
/// <param name="Reason">A sentence for a person.</param>
public sealed record BrokenEvent(long SeqId, string StreamId, long Version, Break What, string Reason);

/// <summary>How an event does not fit.</summary>
public enum Break
{
    /// <summary>Its type, id, data, correlation or causation is not what was hashed, or its hash was exchanged.</summary>
    Changed,

    /// <summary>It stands at another place than the one where it was written.</summary>
    Order,

    /// <summary>Versions are missing before it.</summary>
    Hole,

    /// <summary>It is whole, but was written behind another event than the one that now stands before it.</summary>
    Previous,

    /// <summary>This service wrote it behind hashed events, and its hash is gone.</summary>
    HashMissing,

    /// <summary>The stream's row says another version than that of its last event.</summary>
    StreamVersion,

    /// <summary>Its stream has no row.</summary>
    NoStream,
}
