using EventArchive.EventStore;

namespace EventArchive.Handlers;

/// <summary>Folded states of communities, so that a load need not fold a stream from its start. Derived data: losing all of it costs time only.</summary>
public interface ICommunityStates
{
    /// <summary>The row of a stream, or null.</summary>
    Task<CommunityState?> Find(string streamId, CancellationToken cancellation);

    /// <summary>Keeps a row if there is none, or an older one, or still the one it was found to stand in for; else nothing happens.</summary>
    /// <param name="inPlaceOf">The row that was found and is of no use, whatever its version.</param>
    Task Save(CommunityState state, CommunityState? inPlaceOf, CancellationToken cancellation);
}

/// <param name="Version">The stream's version up to which it is folded.</param>
/// <param name="Fold">Names the program that folded it: another may fold the same events to another state.</param>
/// <param name="Json">As <see cref="CommunityJson"/> writes it.</param>
public sealed record CommunityState(string StreamId, long Version, string Fold, string Json);
