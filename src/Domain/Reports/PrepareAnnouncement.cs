using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The community's key has signed the announcement that was asked for.</summary>
/// <param name="SignedMessage">The ApplicationMetadataMessage of type 43 with its 65-byte signature.</param>
public sealed record PrepareAnnouncement(
    CommunityId CommunityId,
    InfoHash InfoHash,
    Clock Clock,
    Magnetlink Magnetlink,
    byte[] SignedMessage
) : IReport;
