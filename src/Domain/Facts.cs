using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>What a decision rests on beside the command and the state. The consumer gathers it; the decider asks nobody.</summary>
/// <param name="Now">The time of the decision.</param>
public sealed record Facts(DateTimeOffset Now)
{
    /// <summary>The oldest message recorded on the community's topics, Unix seconds; null: none is recorded.</summary>
    public ulong? OldestMessage { get; init; }

    /// <summary>The number of the newest recorded message; 0: none is recorded.</summary>
    public long HighestMessageNumber { get; init; }

    /// <summary>What the community signed, when the command hands in such a message.</summary>
    public Announced? Announced { get; init; }

    /// <summary>Signs with the community's key; null: the key is not on this node.</summary>
    public SignMagnetlink? Sign { get; init; }

    /// <summary>The hash ratchet key with which the community encrypts now; null: none is on this node.</summary>
    public RatchetPosition? Ratchet { get; init; }
}

/// <param name="HighestSeqNo">The highest number known to be used; 0: none.</param>
public sealed record RatchetPosition(RatchetKeyId KeyId, uint HighestSeqNo);

/// <summary>A verified announcement.</summary>
public sealed record Announced(Clock Clock, Magnetlink Magnetlink);

/// <summary>Deterministic (RFC 6979): the same clock and magnet give the same bytes.</summary>
public delegate byte[] SignMagnetlink(Clock clock, Magnetlink magnetlink);
