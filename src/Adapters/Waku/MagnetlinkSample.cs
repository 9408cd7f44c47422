namespace EventArchive.Waku;

/// <summary>
/// A magnetlink message to be read, from whichever layer is at hand: the outermost one given counts. Names are those of the test vectors'
/// <c>encoded</c>, so that what was encoded can be handed in whole; other names are passed over. Bytes are 0x-hex.
/// </summary>
public sealed record MagnetlinkSample
{
    /// <summary>Protobuf of the network message. Needs chatId, symKey or communityId to open.</summary>
    public string? WakuMessage { get; init; }

    /// <summary>The encrypted payload. Needs chatId, symKey or communityId to open.</summary>
    public string? WakuPayload { get; init; }

    public string? ProtocolMessage { get; init; }

    /// <summary>The signed ApplicationMetadataMessage.</summary>
    public string? Wrapped { get; init; }

    /// <summary>COMMUNITYID-magnetlinks or COMMUNITYID-memberUpdate.</summary>
    public string? ChatId { get; init; }

    /// <summary>The channel's key, 32 bytes. Default: derived from the chat id.</summary>
    public string? SymKey { get; init; }

    /// <summary>Who must have signed. Default: the community of the chat id; without either the signer is only named.</summary>
    public string? CommunityId { get; init; }
}
