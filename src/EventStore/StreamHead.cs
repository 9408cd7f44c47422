using EventArchive.Projections;

namespace EventArchive.EventStore;

/// <summary>What the next event of a stream is tied to.</summary>
/// <param name="Hash">Of the last event; null: there is none, or a foreign writer stored it without one.</param>
/// <param name="At">When the last event was stored: time never falls within a stream.</param>
internal sealed record StreamHead(string? Hash, DateTimeOffset At)
{
    public static StreamHead Of(CommunitySnapshot? snapshot) => new(snapshot?.Hash, snapshot?.At ?? DateTimeOffset.MinValue);
}
