using System.Linq.Expressions;
using JasperFx.Events.Projections;
using Marten;

namespace EventArchive.Projections;

/// <summary>Every projection whose documents follow the store. <see cref="PendingWork"/> and <see cref="CommunitySnapshots"/> are apart: they change with the events.</summary>
public static class AllProjections
{
    public static readonly FoldedProjection MagnetlinkClocks = FoldedProjection.Of(new MagnetlinkClocks(), "magnetlink_clocks");
    public static readonly FoldedProjection Communities = FoldedProjection.Of(new Communities(), "communities");
    public static readonly FoldedProjection Archives = FoldedProjection.Of(new Archives(), "archives");
    public static readonly FoldedProjection Seeding = FoldedProjection.Of(new Seeding(), "seeding");
    public static readonly FoldedProjection Downloads = FoldedProjection.Of(new Downloads(), "downloads");
    public static readonly FoldedProjection Timeline = FoldedProjection.Of(new Timeline(), "timeline");
    public static readonly FoldedProjection Schedule = FoldedProjection.Of(new Schedule(), "schedule");

    public static IReadOnlyList<FoldedProjection> List { get; } =
    [MagnetlinkClocks, Communities, Archives, Seeding, Downloads, Timeline, Schedule];

    /// <summary>Null: there is none of this name.</summary>
    public static FoldedProjection? Find(string name) =>
        List.FirstOrDefault(projection => string.Equals(projection.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The one with these documents.</summary>
    public static FoldedProjection Of<TDocument>() => List.Single(projection => projection.Document == typeof(TDocument));

    /// <summary>Registers them with a Marten store: the folds, and the names and indexes of their tables.</summary>
    public static void AddTo(StoreOptions options)
    {
        Add<KnownClocks>(options, new MagnetlinkClocks(), MagnetlinkClocks, row => row.Id);
        Add<CommunitySummary>(options, new Communities(), Communities, row => row.Id);
        Add<ArchiveSummary>(options, new Archives(), Archives, row => row.Id);
        Add<NodeSeeding>(options, new Seeding(), Seeding, row => row.Id);
        Add<DownloadSummary>(options, new Downloads(), Downloads, row => row.Id);
        Add<TimelineEntry>(options, new Timeline(), Timeline, row => row.Id);
        Add<CommunitySchedule>(options, new Schedule(), Schedule, row => row.Id);
    }

    private static void Add<TDocument>(
        StoreOptions options,
        IProjectionSource<IDocumentOperations, IQuerySession> projection,
        FoldedProjection folded,
        Expression<Func<TDocument, object?>> id
    )
        where TDocument : notnull
    {
        options.Projections.Add(projection, ProjectionLifecycle.Async);
        // Pages are in byte order, whatever the order of the database, so that a community's documents are one range.
        options.Schema.For<TDocument>().DocumentAlias(folded.Alias).Index(id, index => index.Collation = "C");
    }
}
