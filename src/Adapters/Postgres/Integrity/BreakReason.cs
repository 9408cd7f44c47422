using System.Globalization;
using System.Text.Json;
using EventArchive.Events;

namespace EventArchive.Postgres;

/// <summary>Sentences for a person: why an event is broken, as far as its row shows it.</summary>
internal static class BreakReason
{
    /// <summary>How many headers are left out in turn to find one that was added.</summary>
    private const int MaxTries = 32;

    /// <summary>Of a header's name in a sentence; the name comes from the database and may be of any length.</summary>
    private const int MaxNameCharacters = 60;

    public static string OfUnknownForm(string form) =>
        int.TryParse(form, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > HeadersOfForm2.Form
            ? $"its hash is of form {form}: it was written by a newer release; use it."
            : $"its header form is {form}, which no release writes.";

    /// <summary>Without a full stop.</summary>
    public static string OfEarlierTime(HashedRow row, DateTimeOffset before) =>
        $"its time {(row.Time is { } time ? EventTime.ToText(time) : "")} is before {EventTime.ToText(before)}, that of an event before it";

    /// <param name="found">The hash of the row as it is now.</param>
    /// <param name="written">The hash that the row names.</param>
    /// <param name="before">Time of the event of form 2 before it.</param>
    public static string OfChanged(HashedRow row, EventHash found, EventHash written, DateTimeOffset? before) =>
        $"its content has the hash {found}, it was written with {written}" + (row.IsForm2 ? $": {OfForm2(row, written, before)}." : ".");

    private static string OfForm2(HashedRow row, EventHash written, DateTimeOffset? before)
    {
        var headers = HeaderMembers.Of(row.CanonicalHeaders);
        foreach (var name in headers.Names.Take(MaxTries))
            if (row.HashWith(row.Version, headers.Without(name)) == written)
                return $"the header {Quote(name)} was added";
        string[] missing = [.. new[] { "actor", "previous" }.Except(headers.Names)];
        if (missing.Length > 0)
            return $"it has no header {string.Join(" and no header ", missing)}";
        if (row.Time < before)
            return OfEarlierTime(row, before.Value);
        return "its time, type, id, data, correlation, causation or one of its headers is not what was written";
    }

    /// <summary>With all but plain ASCII as escapes, so that a terminal shows it and does nothing else.</summary>
    private static string Quote(string name) =>
        JsonSerializer.Serialize(name.Length > MaxNameCharacters ? name[..MaxNameCharacters] : name);
}
