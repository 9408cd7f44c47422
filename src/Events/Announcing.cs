using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>
/// The present torrent is to be announced: the community's key signs it next. An auditor may conclude from when on the announcement was owed, not that
/// the key was here.
/// </summary>
public sealed record AnnouncementRequested(CommunityId CommunityId, InfoHash InfoHash, AnnouncementReason Reason) : IEvent;

/// <summary>Why an announcement was asked for. Stored as a number: new reasons go to the end.</summary>
public enum AnnouncementReason
{
    /// <summary>The torrent's first seeder confirmed.</summary>
    FirstSeeding = 0,

    /// <summary>AnnounceArchive, from another service or from the schedule.</summary>
    Command = 1,
}

/// <summary>The community's key has signed this announcement. Whatever is sent for this clock, now or on a later try, is exactly these bytes.</summary>
/// <param name="SignedMessage">The ApplicationMetadataMessage of type 43 with its 65-byte signature.</param>
public sealed record AnnouncementPrepared(
    CommunityId CommunityId,
    Clock Clock,
    InfoHash InfoHash,
    Magnetlink Magnetlink,
    byte[] SignedMessage
) : IEvent;

/// <summary>A Waku node accepted the magnetlink message on every channel named here.</summary>
/// <param name="ContentTopics">Full content topics, <c>/waku/1/0x…/rfc26</c>.</param>
public sealed record MagnetlinkPublished(
    CommunityId CommunityId,
    Clock Clock,
    InfoHash InfoHash,
    Magnetlink Magnetlink,
    PubsubTopic PubsubTopic,
    IReadOnlyList<string> ContentTopics
) : IEvent;

/// <summary>No Waku node took the announcement in any of the tries. AnnounceArchive makes a new one, with a new clock.</summary>
public sealed record AnnouncementFailed(CommunityId CommunityId, Clock Clock, InfoHash InfoHash, string Reason) : IEvent;

/// <summary>A magnetlink message signed by the community's key arrived, and it is news. The signed bytes are kept as the proof.</summary>
public sealed record MagnetlinkReceived(
    CommunityId CommunityId,
    Clock Clock,
    InfoHash InfoHash,
    Magnetlink Magnetlink,
    byte[] SignedMessage
) : IEvent;

/// <summary>A message that the community's key did sign was left unheeded.</summary>
public sealed record MagnetlinkIgnored(CommunityId CommunityId, Clock Clock, InfoHash InfoHash, IgnoredBecause Reason) : IEvent;

/// <summary>Why a magnetlink was left unheeded. Stored as a number: new reasons go to the end.</summary>
public enum IgnoredBecause
{
    /// <summary>A message with a higher clock was known already.</summary>
    OlderClock = 0,

    /// <summary>Another magnet with the same clock came first.</summary>
    ClockUsedTwice = 1,

    /// <summary>The clock is more than a day ahead; heeding it would silence the community until then.</summary>
    ClockTooFarAhead = 2,

    /// <summary>This is the control node; it does not follow itself. Its next clock will be higher than this one.</summary>
    OwnMessage = 3,
}
