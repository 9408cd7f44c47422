namespace EventArchive.Model;

/// <summary>
/// One message of a community as history archives hold it (field table: WakuMessage of the archive format). Whoever reads messages as a stream may
/// find their bytes in a buffer that the next one takes: <see cref="Copy"/> what is kept.
/// </summary>
/// <param name="Sig">The sender's public key, 65 bytes uncompressed; despite the format's name it is not a signature.</param>
/// <param name="Timestamp">Unix seconds.</param>
/// <param name="Topic">The channel's content topic.</param>
/// <param name="Payload">The data of the decrypted Waku payload.</param>
/// <param name="Padding">The padding of the decrypted Waku payload.</param>
/// <param name="Hash">The Waku message hash, 32 bytes on the network.</param>
/// <param name="ThirdPartyId">The id in the system it was imported from; empty otherwise.</param>
public sealed record ArchivedMessage(
    ReadOnlyMemory<byte> Sig,
    ulong Timestamp,
    ContentTopic Topic,
    ReadOnlyMemory<byte> Payload,
    ReadOnlyMemory<byte> Padding,
    byte[] Hash,
    string ThirdPartyId
)
{
    /// <summary>Of arrays.</summary>
    public ArchivedMessage(
        byte[] sig,
        ulong timestamp,
        ContentTopic topic,
        byte[] payload,
        byte[] padding,
        byte[] hash,
        string thirdPartyId
    )
        : this(sig.AsMemory(), timestamp, topic, payload.AsMemory(), padding.AsMemory(), hash, thirdPartyId) { }

    /// <summary>Bytes that the message has beyond these: its reader left out a field that is longer than any message it takes.</summary>
    public long LeftOutBytes { get; init; }

    /// <summary>The same message with bytes of its own.</summary>
    public ArchivedMessage Copy() => this with { Sig = Sig.ToArray(), Payload = Payload.ToArray(), Padding = Padding.ToArray() };
}
