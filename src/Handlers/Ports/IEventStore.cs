using EventArchive.Events;
using EventArchive.EventStore;

namespace EventArchive.Handlers;

/// <summary>The one truth. Streams of events, in an order that is the order of their commits, and the outcome of every command.</summary>
public interface IEventStore
{
    /// <summary>The events of a stream after a version, oldest first; none for a stream that does not exist.</summary>
    Task<IReadOnlyList<RecordedEvent>> ReadStream(string streamId, long afterVersion, CancellationToken cancellation);

    /// <summary>At most <paramref name="limit"/> events of all streams after a position, in the order of their commits.</summary>
    Task<IReadOnlyList<RecordedEvent>> ReadAll(long afterSeq, int limit, CancellationToken cancellation);

    /// <summary>Streams what the query asks for, in constant memory, until the store's end as it is met.</summary>
    IAsyncEnumerable<RecordedEvent> Read(EventQuery query, CancellationToken cancellation);

    /// <summary>
    /// Stores events and the command's outcome together, or neither. No event and no refusal: the wish was true already, and that is the outcome.
    /// </summary>
    Task<AppendResult> Append(Append append, CancellationToken cancellation);

    /// <summary>What became of a command; null if it was never handled.</summary>
    Task<CommandOutcome?> FindOutcome(Guid messageId, CancellationToken cancellation);
}

/// <summary>Which events to read; all that is not set does not matter. They come in the order of their commits.</summary>
/// <param name="AfterSeq">Only events behind this position.</param>
/// <param name="StreamId">Only this stream, for example that of one community.</param>
/// <param name="UpToVersion">Only up to this version of the stream.</param>
/// <param name="From">Only events stored at this moment or later.</param>
/// <param name="Before">Only events stored before this moment.</param>
/// <param name="Types">Only events of these stored names.</param>
public sealed record EventQuery(
    long AfterSeq = 0,
    string? StreamId = null,
    long? UpToVersion = null,
    DateTimeOffset? From = null,
    DateTimeOffset? Before = null,
    IReadOnlyList<string>? Types = null
);

/// <param name="ExpectedVersion">The stream's version when it was read; 0: it did not exist.</param>
/// <param name="MessageId">The command's message id; an id is handled once.</param>
/// <param name="Command">The command's name, for whoever asks later what the id was.</param>
/// <param name="Refusal">Set when the command was refused; Events is then empty.</param>
public sealed record Append(
    string StreamId,
    long ExpectedVersion,
    IReadOnlyList<IEvent> Events,
    Guid MessageId,
    string Command,
    Guid? CorrelationId = null,
    Refusal? Refusal = null
);

public abstract record AppendResult
{
    private AppendResult() { }

    /// <param name="Version">Of the stream, after it.</param>
    /// <param name="Seq">Position of its last event; null when it has none, or when its answer was lost and the inbox gave the outcome.</param>
    public sealed record Appended(long Version, CommandOutcome Outcome, long? Seq = null) : AppendResult;

    /// <summary>The stream has moved on: read it and decide again.</summary>
    public sealed record VersionConflict(long ActualVersion) : AppendResult;

    /// <summary>This message id was handled before; this is what it came to then.</summary>
    public sealed record Duplicate(CommandOutcome Outcome) : AppendResult;
}
