using System.Collections.Immutable;
using EventArchive.Events;
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

    /// <summary>Why the announcement that is handed in was ignored before: the reasons in the stream for its clock and torrent.</summary>
    public IReadOnlyCollection<IgnoredBecause> IgnoredBefore { get; init; } = [];

    /// <summary>Archives of the completed download that were imported before, with any torrent.</summary>
    public IReadOnlySet<ArchiveId> ImportedArchives { get; init; } = ImmutableHashSet<ArchiveId>.Empty;

    /// <summary>The community's private key was imported into this deployment.</summary>
    public bool KeyIsHere { get; init; }

    /// <summary>The hash ratchet key with which the community encrypts now; null: none is on this node.</summary>
    public RatchetPosition? Ratchet { get; init; }
}

/// <param name="HighestSeqNo">The highest number known to be used; 0: none.</param>
public sealed record RatchetPosition(RatchetKeyId KeyId, uint HighestSeqNo);

/// <summary>A verified announcement.</summary>
public sealed record Announced(Clock Clock, Magnetlink Magnetlink);
