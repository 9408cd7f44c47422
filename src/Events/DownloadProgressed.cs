using EventArchive.Model;

namespace EventArchive.Events;

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
