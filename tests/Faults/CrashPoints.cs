using EventArchive.Events;
using EventArchive.Projections;

namespace EventArchive.Tests.Faults;

/// <summary>
/// The places of the main line at which a process can be killed, as tests/CrashHook names them. CrashPointsTests holds the list
/// against an uninterrupted run and the sources: an event, an effect or a step that is missing here fails there.
/// </summary>
public static class CrashPoints
{
    public static readonly IReadOnlyList<string> CutSteps = ["data", "index", "torrent"];

    /// <summary>Appends are reached by each of their events and named by the first, publications are named by each event.</summary>
    public static readonly IReadOnlyList<string> Owner =
    [
        .. Around(
            "append",
            nameof(HistoryArchivesEnabled),
            nameof(ArchiveCreationStarted),
            nameof(ArchiveCreated),
            nameof(SeedingStarted),
            nameof(AnnouncementPrepared),
            nameof(MagnetlinkPublished)
        ),
        .. Around(
            "publish",
            nameof(HistoryArchivesEnabled),
            nameof(ArchiveCreationStarted),
            nameof(ArchiveCreated),
            nameof(SeedingStarted),
            nameof(AnnouncementRequested),
            nameof(AnnouncementPrepared),
            nameof(MagnetlinkPublished)
        ),
        .. Around("effect", nameof(Effect.Cut), nameof(Effect.Seed), nameof(Effect.Sign), nameof(Effect.Announce)),
        .. Around("cut", [.. CutSteps]),
    ];

    public static readonly IReadOnlyList<string> Member =
    [
        .. Around(
            "append",
            nameof(HistoryArchivesEnabled),
            nameof(MagnetlinkReceived),
            nameof(ArchivesDownloaded),
            nameof(DownloadCompleted),
            nameof(ArchivesImported),
            nameof(SeedingStarted)
        ),
        .. Around(
            "publish",
            nameof(HistoryArchivesEnabled),
            nameof(MagnetlinkReceived),
            nameof(DownloadStarted),
            nameof(ArchivesDownloaded),
            nameof(DownloadCompleted),
            nameof(ImportStarted),
            nameof(ArchivesImported),
            nameof(HistoryImported),
            nameof(SeedingStarted)
        ),
        .. Around("effect", nameof(Effect.Download), nameof(Effect.Import), nameof(Effect.Seed)),
    ];

    /// <summary>
    /// Owner and member each die once in one line, at the points of one row; the longer list decides how many lines there are. The member's
    /// list begins a third later, so that early points of one side meet late points of the other.
    /// </summary>
    public static IReadOnlyList<(string? Owner, string? Member)> Rows { get; } =
    [
        .. Enumerable
            .Range(0, Math.Max(Owner.Count, Member.Count))
            .Select(row => (Owner.ElementAtOrDefault(row), row < Member.Count ? Member[(row + (Member.Count / 3)) % Member.Count] : null)),
    ];

    private static IEnumerable<string> Around(string act, params string[] names) =>
        names.SelectMany(name => new[] { $"before:{act}:{name}", $"after:{act}:{name}" });
}
