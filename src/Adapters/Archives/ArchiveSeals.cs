using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Archives;

/// <summary>Opens what an encrypted community's control node sealed: archives and indexes of any origin.</summary>
internal sealed class ArchiveSeals(IRatchetKeys keys, CommunityId community)
{
    // One archive after the other turns the same ratchet on.
    private (RatchetKeyId Id, HashRatchet Ratchet)? present;

    /// <exception cref="RatchetKeyMissingException">The key is not here.</exception>
    /// <exception cref="FormatException">The bytes are not sealed, changed, or their seq_no is beyond the limit.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> Open(ReadOnlyMemory<byte> sealedBytes, CancellationToken cancellation)
    {
        var envelope = RatchetEnvelope.Read(sealedBytes, community);
        var held =
            await keys.Find(community, envelope.KeyId, cancellation) ?? throw new RatchetKeyMissingException(community, [envelope.KeyId]);
        if (envelope.SeqNo > (long)held.HighestSeqNo + ArchiveFormat.MaxSeqNoJump)
            throw new FormatException(
                $"Its seq_no is {envelope.SeqNo}, more than {ArchiveFormat.MaxSeqNoJump} above {held.HighestSeqNo}, the highest known: "
                    + "if the community is that far, import the key again with its seqNo."
            );
        if (present?.Id != envelope.KeyId)
            present = (envelope.KeyId, new HashRatchet(held.Key));
        var plain = present.Value.Ratchet.Decrypt(envelope.SeqNo, envelope.Payload.Span);
        // Known to be used, since it opened: a node that takes its own torrents back in goes on behind them.
        if (envelope.SeqNo > held.HighestSeqNo)
            await keys.Advance(community, envelope.KeyId, envelope.SeqNo, cancellation);
        return plain;
    }

    /// <summary>Seals one text after the other, the first with seq_no <paramref name="firstSeqNo"/>. Each number is durably used before it is used.</summary>
    public Seal SealFrom(RatchetKeyId id, uint firstSeqNo)
    {
        var next = firstSeqNo;
        HeldRatchetKey? held = null;
        HashRatchet? ratchet = null;
        return Seal;

        async ValueTask<ReadOnlyMemory<byte>> Seal(Memory<byte> room, CancellationToken cancellation)
        {
            held ??= await keys.Find(community, id, cancellation) ?? throw new RatchetKeyMissingException(community, [id]);
            ratchet ??= new HashRatchet(held.Key);
            var seqNo = next;
            next = checked(next + 1);
            await keys.Advance(community, id, seqNo, cancellation);
            return RatchetEnvelope.Write(held.Key, ratchet, seqNo, room);
        }
    }
}
