namespace EventArchive.EventStore;

/// <summary>Which events to read; all that is not set does not matter. They come in the order of their numbers.</summary>
/// <param name="AfterSeq">Only events behind this position.</param>
/// <param name="StreamId">Only this stream, for example that of one community.</param>
/// <param name="UpToVersion">Only up to this version of the stream.</param>
/// <param name="From">Only events stored at this moment or later.</param>
/// <param name="Before">Only events stored before this moment.</param>
/// <param name="Types">Only events of these stored names.</param>
/// <param name="BeyondMark">Also what lies behind the daemon's mark: only for whoever looks once, and does not go on from there.</param>
public sealed record EventQuery(
    long AfterSeq = 0,
    string? StreamId = null,
    long? UpToVersion = null,
    DateTimeOffset? From = null,
    DateTimeOffset? Before = null,
    IReadOnlyList<string>? Types = null,
    bool BeyondMark = false
);
