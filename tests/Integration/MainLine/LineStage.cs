using EventArchive.Tests.MainLine;

namespace EventArchive.Tests.Integration.MainLine;

/// <summary>What owner and member held at one moment.</summary>
public sealed record LineStage(LineSide Owner, LineSide Member);

/// <param name="Messages">Recorded messages whole, in the order of their hashes.</param>
/// <param name="Files">Below the archive root, by relative path.</param>
/// <param name="Refusals">Commands that were refused.</param>
public sealed record LineSide(
    IReadOnlyList<EventRow> Events,
    IReadOnlyList<string> Messages,
    IReadOnlyDictionary<string, byte[]> Files,
    IReadOnlyList<string> Refusals
)
{
    public int Count(string type) => Events.Count(e => e.Type == type);

    /// <summary>The types in order; a download that reports its archives in several batches says so once.</summary>
    public IReadOnlyList<string> Types =>
        [.. Events.Select(e => e.Type).Where((type, at) => at == 0 || type != "archives_downloaded" || Events[at - 1].Type != type)];
}
