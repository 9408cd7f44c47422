using EventArchive.Model;

namespace EventArchive.Events;

/// <summary>The service decided to fetch a torrent of the community.</summary>
public sealed record DownloadStarted(CommunityId CommunityId, InfoHash InfoHash, Magnetlink Magnetlink) : IEvent;

/// <summary>These archives are on disk, their pieces verified against the torrent.</summary>
/// <param name="Total">Archives in the torrent in all.</param>
public sealed record ArchivesDownloaded(CommunityId CommunityId, InfoHash InfoHash, IReadOnlyList<ArchiveId> Archives, int Total) : IEvent;

/// <summary>The whole torrent is on disk, synced and verified.</summary>
/// <param name="Node">The node that holds the files; null: an older release did not say.</param>
/// <param name="Peer">Where that node can be asked for them; null if it does not listen.</param>
public sealed record DownloadCompleted(
    CommunityId CommunityId,
    InfoHash InfoHash,
    int ArchiveCount,
    long DataBytes,
    string? Node = null,
    PeerAddress? Peer = null
) : IEvent;

/// <summary>The download was given up. A magnetlink message with a higher clock starts it again.</summary>
public sealed record DownloadFailed(CommunityId CommunityId, InfoHash InfoHash, string Reason) : IEvent;

/// <summary>
/// The torrent's index is encrypted with a key that is not here, so nothing is known of its archives. The bytes are fetched all the same, and the
/// download is completed when the key is imported.
/// </summary>
public sealed record DownloadParked(CommunityId CommunityId, InfoHash InfoHash, RatchetKeyId MissingKey) : IEvent;

/// <summary>The download is no longer wanted: a newer torrent took its place.</summary>
public sealed record DownloadCancelled(CommunityId CommunityId, InfoHash InfoHash, InfoHash ReplacedBy) : IEvent;

/// <summary>The service decided to import these archives, those of the torrent that were not imported before.</summary>
public sealed record ImportStarted(CommunityId CommunityId, InfoHash InfoHash, IReadOnlyList<ArchiveId> Archives) : IEvent;

/// <summary>The messages of these archives are in the message table.</summary>
/// <param name="Messages">Messages that were new.</param>
/// <param name="Repeats">Messages that the table held already; each hash is stored once.</param>
public sealed record ArchivesImported(
    CommunityId CommunityId,
    InfoHash InfoHash,
    IReadOnlyList<ArchiveId> Archives,
    long Messages,
    long Repeats
) : IEvent;

/// <summary>An archive could not be read and was left out of the import; its bytes stay on disk for whoever looks into it.</summary>
public sealed record ArchiveQuarantined(CommunityId CommunityId, InfoHash InfoHash, ArchiveId Archive, string Reason) : IEvent;

/// <summary>
/// These archives are encrypted with keys that are not here, and were left out of the import. They are on disk and seeded; when one of the keys is
/// imported, or a newer torrent has come, ImportStarted takes them up again.
/// </summary>
public sealed record ArchivesParked(CommunityId CommunityId, InfoHash InfoHash, IReadOnlyList<ParkedArchive> Archives) : IEvent;

/// <param name="MissingKey">The key that the archive names.</param>
public sealed record ParkedArchive(ArchiveId Archive, RatchetKeyId MissingKey);

/// <summary>Every archive of the torrent is imported, quarantined or parked.</summary>
public sealed record HistoryImported(CommunityId CommunityId, InfoHash InfoHash) : IEvent;

/// <summary>How far a download has come. A notice on the bus, about once a second; it is not stored.</summary>
/// <param name="Archives">Archives that are whole.</param>
/// <param name="Underway">At most sixteen, the one with the most bytes first; null: an older release did not say.</param>
public sealed record DownloadProgressed(
    CommunityId CommunityId,
    InfoHash InfoHash,
    long DoneBytes,
    long TotalBytes,
    int Archives,
    int ArchiveCount,
    IReadOnlyList<ArchiveProgress>? Underway = null
);

/// <summary>An archive of which some bytes are there, and not all.</summary>
/// <param name="DoneBytes">Of verified pieces.</param>
public sealed record ArchiveProgress(ArchiveId Archive, long DoneBytes, long Bytes);
