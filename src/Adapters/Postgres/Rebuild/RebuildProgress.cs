namespace EventArchive.Postgres;

/// <param name="Done">Events folded, those of an earlier, interrupted rebuild among them.</param>
/// <param name="Total">Events in the store when it was last looked at.</param>
public sealed record RebuildProgress(string Name, long Done, long Total);
