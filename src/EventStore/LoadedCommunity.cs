using EventArchive.Domain;
using EventArchive.Events;

namespace EventArchive.EventStore;

/// <summary>A community's state and the version of its stream that it is the state at; version 0: there is no such stream.</summary>
public sealed record LoadedCommunity(Community Community, long Version)
{
    public static readonly LoadedCommunity None = new(Community.Initial, 0);

    public LoadedCommunity Fold(IReadOnlyList<RecordedEvent> events) =>
        events.Count == 0
            ? this
            : new(events.Aggregate(Community, (state, recorded) => Community.Evolve(state, recorded.Event)), events[^1].Version);
}
