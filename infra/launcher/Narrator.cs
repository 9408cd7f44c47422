using System.Text.Json;
using EventArchive.Testing;

namespace EventArchive.Launcher;

/// <summary>An event in a person's words.</summary>
public static class Narrator
{
    public static string Tell(ServiceEvent e) =>
        e.Type switch
        {
            "history_archives_enabled" => e.Data.GetProperty("controlNode").GetBoolean()
                ? $"keeps the history as control node, {e.Data.GetProperty("contentTopics").GetArrayLength()} channels"
                : "follows the community as a member",
            "archive_creation_started" => $"cutting {Time(e, "from")} to {Time(e, "to")}",
            "archive_created" => $"{Text(e, "archiveCount")} archives cut, {Text(e, "messages")} messages, {Text(e, "dataBytes")} bytes, "
                + $"info-hash {Text(e, "infoHash")}",
            "archive_skipped" => "there was no message in the window",
            "archive_creation_failed" => $"the cut failed: {Text(e, "reason")}",
            "seeding_started" => $"seeding {Text(e, "infoHash")} on {Text(e, "peer")}",
            "announcement_requested" => "an announcement is asked for",
            "announcement_prepared" => $"announcement signed, clock {Text(e, "clock")}",
            "magnetlink_published" => $"magnetlink published on {Text(e, "pubsubTopic")}, content topics "
                + $"{string.Join(" and ", e.Data.GetProperty("contentTopics").EnumerateArray())}, clock {Text(e, "clock")}",
            "announcement_failed" => $"the announcement failed: {Text(e, "reason")}",
            "magnetlink_received" => $"magnetlink received, signature verified, clock {Text(e, "clock")}",
            "magnetlink_ignored" => $"magnetlink with clock {Text(e, "clock")} ignored",
            "download_started" => $"downloading {Text(e, "infoHash")}",
            "archives_downloaded" => $"{e.Data.GetProperty("archives").GetArrayLength()} of {Text(e, "total")} archives arrived",
            "download_completed" =>
                $"downloaded {Text(e, "archiveCount")} of {Text(e, "archiveCount")} archives, {Text(e, "dataBytes")} bytes",
            "download_failed" => $"the download failed: {Text(e, "reason")}",
            "import_started" => $"importing {e.Data.GetProperty("archives").GetArrayLength()} archives",
            "archives_imported" => $"{Text(e, "messages")} messages imported, {Text(e, "repeats")} were there already",
            "archive_quarantined" => $"archive {Text(e, "archive")} set aside: {Text(e, "reason")}",
            "history_imported" => "history imported",
            _ => e.Type,
        };

    private static string Text(ServiceEvent e, string name) => e.Data.GetProperty(name).ToString();

    private static string Time(ServiceEvent e, string name) =>
        DateTimeOffset.FromUnixTimeSeconds(e.Data.GetProperty(name).GetInt64()).ToString("yyyy-MM-dd HH:mm'Z'");
}
