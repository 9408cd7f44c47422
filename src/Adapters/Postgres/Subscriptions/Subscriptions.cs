using EventArchive.Projections;

namespace EventArchive.Postgres;

/// <summary>Everything that follows the events of the store.</summary>
public static class Subscriptions
{
    /// <summary>Hands the events to the bus.</summary>
    public const string Publish = "publish";

    /// <summary>Keeps the rows of <see cref="EventArchive.Projections.PendingWork"/>.</summary>
    public const string PendingWork = "PendingWork";

    public static IReadOnlyList<string> Names { get; } =
    [.. AllProjections.List.Select(projection => projection.Name), PendingWork, Publish];

    /// <summary>The name as it is written, whatever the case of what was typed.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static string Find(string name) =>
        Names.FirstOrDefault(one => string.Equals(one, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no projection or subscription {name}. There are: {string.Join(", ", Names)}.");
}
