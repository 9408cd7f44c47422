using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>How a cut encrypts. Whoever makes the cut again takes the same key and the same numbers, and writes the same bytes.</summary>
/// <param name="KeyId">The hash ratchet key.</param>
/// <param name="FirstSeqNo">The seq_no of the first archive it encrypts; the next has the next, and the index the last. None was used before.</param>
/// <param name="EncryptedAfter">Archives whose window ends after this second (Unix) are encrypted, and the index.</param>
/// <param name="ParentSealed">The index of the torrent that this cut continues is encrypted.</param>
public sealed record ArchiveSealing(RatchetKeyId KeyId, uint FirstSeqNo, ulong EncryptedAfter, bool ParentSealed);
