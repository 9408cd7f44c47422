using EventArchive.Domain;
using Marten.Events.Aggregation;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.Projections;

/// <summary>A community as it stands at the end of its stream: what a command is decided on. Stored with the events, in one transaction.</summary>
/// <param name="Id">The stream: <c>community-0x…</c>.</param>
/// <param name="Hash">Of the last event; null: a foreign writer stored it without one.</param>
/// <param name="At">When the last event was stored.</param>
/// <param name="Version">Of the last event.</param>
public sealed record CommunitySnapshot(string Id, Community State, string? Hash, DateTimeOffset At, long Version)
{
    /// <summary>The header that holds an event's hash.</summary>
    public const string HashHeader = "hash";
}

/// <summary>
/// The inline snapshot. No event type is left out: a foreign event moves the version too. A change of the fold needs the states to be rebuilt
/// by <c>db apply</c>.
/// </summary>
public sealed partial class CommunitySnapshots : SingleStreamProjection<CommunitySnapshot, string>
{
    /// <summary>Rises with every change of the fold.</summary>
    public const uint FoldVersion = 1;

    public CommunitySnapshots() => Name = "Community";

    public override CommunitySnapshot Evolve(CommunitySnapshot? snapshot, string id, MartenEvent e) =>
        new(
            id,
            e.Data is Events.IEvent data
                ? Community.Evolve(snapshot?.State ?? Community.Initial, Events.ISupersededEvent.Newest(data))
                : snapshot?.State ?? Community.Initial,
            e.GetHeader(CommunitySnapshot.HashHeader)?.ToString(),
            e.Timestamp,
            e.Version
        );
}
