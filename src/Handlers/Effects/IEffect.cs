using EventArchive.Domain;
using EventArchive.Projections;

namespace EventArchive.Handlers;

/// <summary>
/// One kind of effect. It looks at the community's present state, acts if that is still wanted, and reports; it never
/// appends an event itself. Doing it twice does what doing it once does.
/// </summary>
public interface IEffect
{
    Effect Kind { get; }

    /// <summary>Nodes with any of these roles perform it.</summary>
    NodeRoles Role { get; }

    /// <summary>The nodes whose disks hold what the effect works on; empty: it may be any node.</summary>
    IReadOnlyCollection<string> HoldersOf(Community community) => [];

    Task Perform(Community community, Report report, CancellationToken cancellation);

    /// <summary>What to report when the last try has failed; null: there is nothing to say, the row is parked and health shows it.</summary>
    IReport? GiveUp(Community community, string reason);
}

/// <summary>Reports in process: when it returns, the outcome is stored. The report's message id derives from the event that asked for the effect, the report's type and <paramref name="part"/>.</summary>
public delegate Task Report(IReport report, string part = "");
