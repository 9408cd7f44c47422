using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>A magnetlink message signed by the community's key arrived, and it is news. The signed bytes are kept as the proof.</summary>
public sealed record MagnetlinkReceived(
    CommunityId CommunityId,
    Clock Clock,
    InfoHash InfoHash,
    Magnetlink Magnetlink,
    byte[] SignedMessage
) : IEvent;
