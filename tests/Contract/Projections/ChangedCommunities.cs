using EventArchive.Events;
using EventArchive.Projections;
using Marten.Events.Aggregation;
using IEvent = JasperFx.Events.IEvent;

namespace EventArchive.Tests.Contract;

/// <summary>The projection as a later release may fold it: every message counts ten.</summary>
public sealed class ChangedCommunities : SingleStreamProjection<CommunitySummary, string>
{
    private readonly Communities first = new();

    public ChangedCommunities()
    {
        Name = first.Name;
        Version = 2;
        foreach (var (_, type) in StoredName.All)
            IncludeType(type);
    }

    public override CommunitySummary? Evolve(CommunitySummary? row, string id, IEvent e) =>
        first.Evolve(row, id, e) is not { } next ? null
        : next.Messages > (row?.Messages ?? 0) ? next with { Messages = next.Messages + (9 * (next.Messages - (row?.Messages ?? 0))) }
        : next;
}
