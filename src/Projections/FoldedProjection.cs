using EventArchive.Model;
using JasperFx.Events.Aggregation;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;

namespace EventArchive.Projections;

/// <summary>A projection as readers and operators name it, and where its documents are.</summary>
/// <param name="Name">Stored with its progress: a rename folds everything anew.</param>
/// <param name="Version">Rises with every change of the fold: the new one is folded beside the old one, into tables of its own.</param>
/// <param name="Document">The type of its documents.</param>
/// <param name="PerCommunity">A community has one document, and its id is that of the stream; otherwise ids begin with the community's.</param>
/// <param name="Alias">Part of the table's name.</param>
public sealed record FoldedProjection(string Name, uint Version, Type Document, bool PerCommunity, string Alias)
{
    private const uint FirstVersion = 1;

    /// <summary>Columns <c>id</c> and <c>data</c>, JSON with names as in C#, enums by name, times in ISO 8601.</summary>
    public string Table => Version > FirstVersion ? $"mt_doc_{Alias}_{Version}" : $"mt_doc_{Alias}";

    /// <summary>Name of its row in <c>mt_event_progression</c>.</summary>
    public string Shard => ShardName.Compose(Name, version: Version).Identity;

    /// <summary>The ids of a community's documents lie between these in byte order, the second one excluded.</summary>
    public (string First, string Behind) RangeOf(CommunityId community) =>
        PerCommunity ? ($"community-{community}", $"community-{community}0") : ($"{community}/", $"{community}0");

    internal static FoldedProjection Of<TProjection>(TProjection projection, string alias)
        where TProjection : ProjectionBase, IAggregateProjection =>
        new(
            projection.Name,
            ((ProjectionBase)projection).Version,
            projection.AggregateType,
            projection.Scope == AggregationScope.SingleStream,
            alias
        );
}
