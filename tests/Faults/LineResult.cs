using EventArchive.Tests.MainLine;
using EventArchive.Waku;

namespace EventArchive.Tests.Faults;

/// <summary>What owner and member held at the end of a line.</summary>
/// <param name="Sent">Every message that went out on the community's channels, opened.</param>
public sealed record LineResult(LineSide Owner, LineSide Member, IReadOnlyList<MagnetlinkVerdict> Sent);

/// <param name="Messages">Recorded messages whole, in the order of their hashes.</param>
/// <param name="Files">Below the archive root, by relative path.</param>
/// <param name="Refusals">Commands that were refused.</param>
/// <param name="Ailing">What the readiness endpoint complains of; empty when it does not.</param>
public sealed record LineSide(
    IReadOnlyList<EventRow> Events,
    IReadOnlyList<string> Messages,
    IReadOnlyDictionary<string, byte[]> Files,
    IReadOnlyList<string> Refusals,
    string Ailing
)
{
    /// <summary>The types in order; a download that reports its archives in several batches says so once.</summary>
    public IReadOnlyList<string> Types =>
        [.. Events.Select(e => e.Type).Where((type, at) => at == 0 || type != "archives_downloaded" || Events[at - 1].Type != type)];

    public EventRow Only(string type) => Events.Single(e => e.Type == type);
}
