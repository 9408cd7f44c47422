using EventArchive.Model;

namespace EventArchive.Commands;

/// <summary>How a reactor says what came of an effect. A report that nothing waits for any more changes nothing.</summary>
public interface IReport : ICommand;

/// <summary>The cut is on disk. No torrent: there was no message in the window that an archive can hold.</summary>
public sealed record CompleteArchive(
    CommunityId CommunityId,
    ulong From,
    ulong To,
    CutTorrent? Torrent,
    IReadOnlyList<ArchiveEntry> Archives,
    long Messages,
    IReadOnlyDictionary<string, string> SetAside,
    string Node,
    PeerAddress? Peer
) : IReport;

/// <summary>The torrent that a cut made.</summary>
public sealed record CutTorrent(InfoHash InfoHash, Magnetlink Magnetlink, int ArchiveCount, long DataBytes);

/// <summary>The cut was given up after the last try.</summary>
public sealed record FailArchiveCreation(CommunityId CommunityId, ulong From, ulong To, string Reason) : IReport;

/// <summary>A node serves the torrent.</summary>
public sealed record ConfirmSeeding(CommunityId CommunityId, InfoHash InfoHash, string Node, PeerAddress? Peer) : IReport;

/// <summary>A Waku node accepted the announcement on these content topics.</summary>
public sealed record ConfirmAnnouncement(CommunityId CommunityId, Clock Clock, IReadOnlyList<string> ContentTopics) : IReport;

/// <summary>The announcement was given up after the last try.</summary>
public sealed record FailAnnouncement(CommunityId CommunityId, Clock Clock, string Reason) : IReport;

/// <summary>These archives arrived and are verified.</summary>
public sealed record ReportArchivesDownloaded(CommunityId CommunityId, InfoHash InfoHash, IReadOnlyList<ArchiveId> Archives, int Total)
    : IReport;

/// <summary>The torrent is on disk; it holds these archives.</summary>
public sealed record CompleteDownload(CommunityId CommunityId, InfoHash InfoHash, IReadOnlyList<ArchiveId> Archives, long DataBytes)
    : IReport;

/// <summary>The download was given up after the last try, or what came is not an archive torrent of this community.</summary>
public sealed record FailDownload(CommunityId CommunityId, InfoHash InfoHash, string Reason) : IReport;

/// <summary>The messages of these archives are in the message table.</summary>
public sealed record ReportArchivesImported(
    CommunityId CommunityId,
    InfoHash InfoHash,
    IReadOnlyList<ArchiveId> Archives,
    long Messages,
    long Repeats
) : IReport;

/// <summary>An archive cannot be read.</summary>
public sealed record QuarantineArchive(CommunityId CommunityId, InfoHash InfoHash, ArchiveId Archive, string Reason) : IReport;

/// <summary>From From until To (Unix seconds, not included) nobody listened to these channels, and no store node could tell what was said.</summary>
public sealed record ReportHistoryGap(
    CommunityId CommunityId,
    IReadOnlyList<ContentTopic> ContentTopics,
    ulong From,
    ulong To,
    string Reason
) : IReport;

/// <summary>What was said on these channels from From until To (Unix seconds, not included) is recorded, as a store node told it.</summary>
public sealed record ReportHistoryFilled(CommunityId CommunityId, IReadOnlyList<ContentTopic> ContentTopics, ulong From, ulong To)
    : IReport;
