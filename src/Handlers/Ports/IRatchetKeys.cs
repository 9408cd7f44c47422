using EventArchive.Model;

namespace EventArchive.Handlers;

/// <summary>
/// The hash ratchet keys of encrypted communities. With each goes the highest seq_no that is known to be used: it only rises, so that none
/// is given out twice.
/// </summary>
public interface IRatchetKeys
{
    /// <summary>Keeps a key, and wakes what waits for it. A key that is here already stays; its seq_no only rises.</summary>
    /// <param name="seqNo">The highest that the community has used with it; 0: none.</param>
    Task Import(RatchetKey key, uint seqNo, CancellationToken cancellation);

    /// <summary>Null: it is not here.</summary>
    Task<HeldRatchetKey?> Find(CommunityId community, RatchetKeyId id, CancellationToken cancellation);

    /// <summary>The key with the highest timestamp, with which a community encrypts now; null: there is none.</summary>
    Task<HeldRatchetKey?> FindNewest(CommunityId community, CancellationToken cancellation);

    /// <summary>Every number up to this one counts as used from now on, durably.</summary>
    Task Advance(CommunityId community, RatchetKeyId id, uint seqNo, CancellationToken cancellation);

    /// <summary>What is here, by community, the oldest first. It tells no secret and needs no key ring.</summary>
    Task<IReadOnlyList<ListedRatchetKey>> List(CancellationToken cancellation);

    /// <summary>Removes a key together with the highest number that is known to be used with it.</summary>
    /// <returns>False: it is not here.</returns>
    Task<bool> Forget(CommunityId community, RatchetKeyId id, CancellationToken cancellation);
}

/// <param name="SeqNo">The highest number known to be used with it; 0: none.</param>
public sealed record ListedRatchetKey(CommunityId CommunityId, RatchetKeyId KeyId, ulong Timestamp, uint SeqNo);

/// <param name="HighestSeqNo">The highest number known to be used with it; 0: none.</param>
public sealed record HeldRatchetKey(RatchetKey Key, uint HighestSeqNo);

/// <summary>A key is not here. What needs it waits until it is imported; waiting is no failure, and no try is counted.</summary>
public sealed class RatchetKeyMissingException(CommunityId community, IReadOnlyList<RatchetKeyId> keys)
    : Exception(
        $"Community {community} encrypts its archives, and the hash ratchet key {string.Join(" or ", keys)} is not here: import it with keys import --ratchet, or offline give it with --keys FILE."
    )
{
    public CommunityId CommunityId { get; } = community;

    /// <summary>Any one of them helps.</summary>
    public IReadOnlyList<RatchetKeyId> Keys { get; } = keys;
}
