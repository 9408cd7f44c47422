using System.Collections.Frozen;

namespace EventArchive.Events;

/// <summary>
/// The name under which each event is stored. Written out, never derived: renaming a C# type must not change what the database
/// holds. The names equal Marten's default aliases, so that a Marten store reads the table without options.
/// </summary>
public static class StoredName
{
    private static readonly FrozenDictionary<string, Type> Types = new Dictionary<string, Type>
    {
        ["history_archives_enabled"] = typeof(HistoryArchivesEnabled),
        ["channels_changed"] = typeof(ChannelsChanged),
        ["archive_creation_started"] = typeof(ArchiveCreationStarted),
        ["archive_created"] = typeof(ArchiveCreated),
        ["archive_skipped"] = typeof(ArchiveSkipped),
        ["archive_creation_failed"] = typeof(ArchiveCreationFailed),
        ["seeding_started"] = typeof(SeedingStarted),
        ["seeding_stopped"] = typeof(SeedingStopped),
        ["announcement_requested"] = typeof(AnnouncementRequested),
        ["announcement_prepared"] = typeof(AnnouncementPrepared),
        ["magnetlink_published"] = typeof(MagnetlinkPublished),
        ["announcement_failed"] = typeof(AnnouncementFailed),
        ["magnetlink_received"] = typeof(MagnetlinkReceived),
        ["magnetlink_ignored"] = typeof(MagnetlinkIgnored),
        ["download_started"] = typeof(DownloadStarted),
        ["archives_downloaded"] = typeof(ArchivesDownloaded),
        ["download_completed"] = typeof(DownloadCompleted),
        ["download_failed"] = typeof(DownloadFailed),
        ["download_parked"] = typeof(DownloadParked),
        ["download_cancelled"] = typeof(DownloadCancelled),
        ["import_started"] = typeof(ImportStarted),
        ["archives_imported"] = typeof(ArchivesImported),
        ["archive_quarantined"] = typeof(ArchiveQuarantined),
        ["archives_parked"] = typeof(ArchivesParked),
        ["history_imported"] = typeof(HistoryImported),
        ["history_gap_found"] = typeof(HistoryGapFound),
        ["history_gap_filled"] = typeof(HistoryGapFilled),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<Type, string> Names = Types.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    public static IEnumerable<KeyValuePair<string, Type>> All => Types;

    /// <summary>Gives every event its stored name: <c>StoredName.MapTo(options.Events.MapEventType)</c> for a Marten store.</summary>
    public static void MapTo(Action<Type, string> map)
    {
        foreach (var (name, type) in Types)
            map(type, name);
    }

    public static string Of(Type eventType) => Names[eventType];

    /// <summary>The record a stored name stands for, or null for a name this version does not know.</summary>
    public static Type? TypeOf(string name) => Types.GetValueOrDefault(name);
}
