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

/// <summary>A node serves no torrent of the community any more.</summary>
/// <param name="Retired">It does not come back, nor do its files. False: it left the torrent to another that serves it.</param>
public sealed record ReportSeedingStopped(CommunityId CommunityId, string Node, bool Retired) : IReport;

/// <summary>A Waku node accepted the announcement on these content topics.</summary>
public sealed record ConfirmAnnouncement(CommunityId CommunityId, Clock Clock, IReadOnlyList<string> ContentTopics) : IReport;

/// <summary>The announcement was given up after the last try.</summary>
public sealed record FailAnnouncement(CommunityId CommunityId, Clock Clock, string Reason) : IReport;

/// <summary>These archives arrived and are verified.</summary>
public sealed record ReportArchivesDownloaded(CommunityId CommunityId, InfoHash InfoHash, IReadOnlyList<ArchiveId> Archives, int Total)
    : IReport;

/// <summary>The torrent is on the disk of this node; it holds these archives.</summary>
public sealed record CompleteDownload(
    CommunityId CommunityId,
    InfoHash InfoHash,
    IReadOnlyList<ArchiveId> Archives,
    long DataBytes,
    string? Node = null,
    PeerAddress? Peer = null
) : IReport;

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

/// <summary>The index is encrypted with a key that is not here.</summary>
public sealed record ParkDownload(CommunityId CommunityId, InfoHash InfoHash, RatchetKeyId MissingKey) : IReport;

/// <summary>These archives, by id, are encrypted with keys that are not here.</summary>
public sealed record ParkArchives(CommunityId CommunityId, InfoHash InfoHash, IReadOnlyDictionary<string, RatchetKeyId> MissingKeys)
    : IReport;

/// <summary>A key of archives that were parked is here.</summary>
public sealed record ResumeImport(CommunityId CommunityId, InfoHash InfoHash) : IReport;

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
