using System.Globalization;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>Archives as rows of a table, by place in the data file.</summary>
public static class ArchiveTable
{
    /// <param name="archives">With the number of messages, where they were counted.</param>
    public static void Write(IEnumerable<(ArchiveEntry Entry, int? Messages)> archives)
    {
        var rows = archives.ToList();
        var counted = rows.Exists(row => row.Messages is not null);
        Output.WriteTable([
            ["from", "to", ">offset", ">size", ">padding", .. counted ? [">messages"] : Array.Empty<string>(), "archive"],
            .. rows.Select(row =>
                (string[])
                    [
                        Time(row.Entry.From),
                        Time(row.Entry.To),
                        $"{row.Entry.Offset}",
                        $"{row.Entry.Size}",
                        $"{row.Entry.Padding}",
                        .. counted ? [$"{row.Messages}"] : Array.Empty<string>(),
                        row.Entry.Id.ToString(),
                    ]
            ),
        ]);
    }

    /// <summary>Coordinated universal time; a number that no calendar reaches stays a number.</summary>
    private static string Time(ulong seconds) =>
        seconds <= (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
            : seconds.ToString(CultureInfo.InvariantCulture);
}
