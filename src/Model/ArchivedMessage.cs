namespace EventArchive.Model;

/// <summary>
/// One message of a community as history archives hold it (field table: WakuMessage of the archive format).
/// </summary>
/// <param name="Sig">The sender's public key, 65 bytes uncompressed; despite the format's name it is not a signature.</param>
/// <param name="Timestamp">Unix seconds.</param>
/// <param name="Topic">The channel's content topic.</param>
/// <param name="Payload">The data of the decrypted Waku payload.</param>
/// <param name="Padding">The padding of the decrypted Waku payload.</param>
/// <param name="Hash">The Waku message hash, 32 bytes on the network.</param>
/// <param name="ThirdPartyId">The id in the system it was imported from; empty otherwise.</param>
public sealed record ArchivedMessage(
    byte[] Sig,
    ulong Timestamp,
    ContentTopic Topic,
    byte[] Payload,
    byte[] Padding,
    byte[] Hash,
    string ThirdPartyId
);
