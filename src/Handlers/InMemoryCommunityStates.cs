namespace EventArchive.Handlers;

/// <summary>Folded states for unit tests: nothing survives the process.</summary>
public sealed class InMemoryCommunityStates : ICommunityStates
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, CommunityState> rows = [];

    public Task<CommunityState?> Find(string streamId, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
            return Task.FromResult(rows.GetValueOrDefault(streamId));
    }

    public Task Save(CommunityState state, CommunityState? inPlaceOf, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (!rows.TryGetValue(state.StreamId, out var there) || there.Version < state.Version || IsStill(there, inPlaceOf))
                rows[state.StreamId] = state;
        }
        return Task.CompletedTask;
    }

    private static bool IsStill(CommunityState there, CommunityState? found) => there.Version == found?.Version && there.Fold == found.Fold;
}
