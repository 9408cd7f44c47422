namespace EventArchive.Postgres;

/// <summary>The first event of a stream that does not fit to what was written.</summary>
/// <param name="SeqId">0 for a stream that has no event left.</param>
/// <param name="Version">In its stream; where events are missing, the version of the first one missing.</param>
/// <param name="Reason">A sentence for a person.</param>
public sealed record BrokenEvent(long SeqId, string StreamId, long Version, Break What, string Reason);

/// <summary>How an event does not fit.</summary>
public enum Break
{
    /// <summary>
    /// Its type, id, data, correlation or causation, in form 2 also its time or a header, is not what was hashed, or its hash was exchanged.
    /// </summary>
    Changed,

    /// <summary>It stands at another place than the one where it was written.</summary>
    Order,

    /// <summary>Versions are missing before it.</summary>
    Hole,

    /// <summary>It is whole, but was written behind another event than the one that now stands before it.</summary>
    Previous,

    /// <summary>This service wrote it with a hash, and the hash is gone.</summary>
    HashMissing,

    /// <summary>Its hash is of form 1, and an event before it has one of form 2: no release writes that.</summary>
    OlderForm,

    /// <summary>Its hash is of a form that this release does not know.</summary>
    UnknownForm,

    /// <summary>It is whole, and its time is before that of an event before it; both are of form 2.</summary>
    EarlierTime,

    /// <summary>The stream's row says another version than that of its last event.</summary>
    StreamVersion,

    /// <summary>Its stream has no row.</summary>
    NoStream,
}
