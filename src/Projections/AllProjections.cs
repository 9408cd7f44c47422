namespace EventArchive.Projections;

/// <summary>Every projection whose rows are folded into a table of its own. <see cref="PendingWork"/> is apart: its rows hold leases.</summary>
public static class AllProjections
{
    public static readonly MagnetlinkClocks MagnetlinkClocks = new();
    public static readonly Communities Communities = new();
    public static readonly Archives Archives = new();
    public static readonly Seeding Seeding = new();
    public static readonly Downloads Downloads = new();
    public static readonly Timeline Timeline = new();
    public static readonly Schedule Schedule = new();

    public static IReadOnlyList<Projection> List { get; } =
    [MagnetlinkClocks, Communities, Archives, Seeding, Downloads, Timeline, Schedule];

    /// <summary>Null: there is none of this name.</summary>
    public static Projection? Find(string name) =>
        List.FirstOrDefault(projection => string.Equals(projection.Name, name, StringComparison.OrdinalIgnoreCase));
}
