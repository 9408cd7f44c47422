namespace EventArchive.Postgres;

/// <param name="Done">The last event folded; each event has a number, from 1.</param>
/// <param name="Total">The last event to be folded.</param>
public sealed record RebuildProgress(string Name, long Done, long Total);
