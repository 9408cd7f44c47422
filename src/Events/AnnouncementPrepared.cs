using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>The community's key has signed this announcement. Whatever is sent for this clock, now or on a later try, is exactly these bytes.</summary>
/// <param name="SignedMessage">The ApplicationMetadataMessage of type 43 with its 65-byte signature.</param>
public sealed record AnnouncementPrepared(
    CommunityId CommunityId,
    Clock Clock,
    InfoHash InfoHash,
    Magnetlink Magnetlink,
    byte[] SignedMessage
) : IEvent;
