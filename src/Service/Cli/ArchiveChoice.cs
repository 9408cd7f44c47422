using System.CommandLine;
using System.Globalization;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>Which archives of an index a person wants: named, of a period, or all.</summary>
public sealed class ArchiveChoice
{
    private readonly Option<string[]> archives = new("--archive")
    {
        Description = "Only this archive, may be repeated; --index-only lists them",
        HelpName = "ID",
    };

    private readonly Option<string> from = new("--from")
    {
        Description = "Only archives with messages from then on: a date, a time (UTC unless it says otherwise) or Unix seconds",
        HelpName = "TIME",
    };

    private readonly Option<string> to = new("--to") { Description = "Only archives with messages before then", HelpName = "TIME" };

    public ArchiveChoice(Command verb)
    {
        verb.Options.Add(archives);
        verb.Options.Add(from);
        verb.Options.Add(to);
    }

    /// <summary>What picks from an index, read before anything is fetched.</summary>
    /// <exception cref="FormatException">An option is no archive id, or no time.</exception>
    public Func<IReadOnlyList<ArchiveEntry>, DataChoice> Read(ParseResult parsed)
    {
        HashSet<ArchiveId> named = [.. (parsed.GetValue(archives) ?? []).Select(text => ArchiveId.Parse(text))];
        var (begin, end) = (Seconds(parsed, from), Seconds(parsed, to));
        if (named.Count == 0 && begin is null && end is null)
            return DataChoice.NewestFirst;
        if (begin >= end)
            throw new FormatException("--from is not before --to.");
        return Pick;

        DataChoice Pick(IReadOnlyList<ArchiveEntry> index)
        {
            if (named.Except(index.Select(entry => entry.Id)).FirstOrDefault() is { } unknown)
                throw new FormatException($"The torrent has no archive {unknown}: see which there are with --index-only.");
            var chosen = index
                .Where(entry => named.Count == 0 || named.Contains(entry.Id))
                .Where(entry => (begin is null || entry.To > begin) && (end is null || entry.From < end))
                .ToList();
            return chosen.Count > 0
                ? DataChoice.Only(chosen)
                : throw new FormatException(
                    $"None of the {index.Count} archives is of that period: see which there are with --index-only."
                );
        }
    }

    private static ulong? Seconds(ParseResult parsed, Option<string> option)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return seconds;
        return
            DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time >= DateTimeOffset.UnixEpoch
            ? (ulong)time.ToUnixTimeSeconds()
            : throw new FormatException($"{option.Name} is a time like 2026-01-31, 2026-01-31T08:00Z or 1769846400, not '{text}'.");
    }
}
