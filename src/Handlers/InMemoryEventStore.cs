using EventArchive.Events;

namespace EventArchive.Handlers;

/// <summary>The event store for unit tests: the same answers as the one on Postgres, events kept as JSON, nothing survives the process.</summary>
public sealed class InMemoryEventStore(TimeProvider time) : IEventStore
{
    private readonly Lock gate = new();
    private readonly List<Row> rows = [];
    private readonly Dictionary<string, long> versions = [];
    private readonly Dictionary<Guid, CommandOutcome> inbox = [];

    public InMemoryEventStore()
        : this(TimeProvider.System) { }

    public Task<IReadOnlyList<RecordedEvent>> ReadStream(string streamId, long afterVersion, CancellationToken cancellation) =>
        Read(row => row.StreamId == streamId && row.Version > afterVersion, int.MaxValue, cancellation);

    public Task<IReadOnlyList<RecordedEvent>> ReadAll(long afterSeq, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return Read(row => row.Seq > afterSeq, limit, cancellation);
    }

    public Task<AppendResult> Append(Append append, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var bodies = AppendLimits.Check(append);
        lock (gate)
            return Task.FromResult(Append(append, bodies));
    }

    public Task<CommandOutcome?> FindOutcome(Guid messageId, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
            return Task.FromResult(inbox.GetValueOrDefault(messageId));
    }

    /// <summary>For tests of damaged stores: puts another name and body in the place of an event.</summary>
    public void Overwrite(long seq, string storedName, string json)
    {
        lock (gate)
        {
            var at = rows.FindIndex(row => row.Seq == seq);
            rows[at] = rows[at] with { StoredName = storedName, Json = json };
        }
    }

    private AppendResult Append(Append append, IReadOnlyList<string> bodies)
    {
        if (inbox.TryGetValue(append.MessageId, out var earlier))
            return new AppendResult.Duplicate(earlier);
        var version = versions.GetValueOrDefault(append.StreamId);
        if (version != append.ExpectedVersion)
            return new AppendResult.VersionConflict(version);
        var now = time.GetUtcNow();
        List<Guid> ids = [];
        foreach (var (@event, json) in append.Events.Zip(bodies))
        {
            var row = new Row(
                rows.Count + 1,
                Guid.CreateVersion7(now),
                append.StreamId,
                ++version,
                StoredName.Of(@event.GetType()),
                json,
                now,
                append.CorrelationId ?? append.MessageId,
                append.MessageId
            );
            rows.Add(row);
            ids.Add(row.Id);
        }
        if (ids.Count > 0)
            versions[append.StreamId] = version;
        var outcome = new CommandOutcome(append.MessageId, append.Command, ids, append.Refusal, now);
        inbox[append.MessageId] = outcome;
        return new AppendResult.Appended(version, outcome);
    }

    private Task<IReadOnlyList<RecordedEvent>> Read(Func<Row, bool> wanted, int limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        List<Row> found;
        lock (gate)
            found = [.. rows.Where(wanted).Take(limit)];
        return Task.FromResult<IReadOnlyList<RecordedEvent>>([.. found.Select(row => row.ToRecorded())]);
    }

    private sealed record Row(
        long Seq,
        Guid Id,
        string StreamId,
        long Version,
        string StoredName,
        string Json,
        DateTimeOffset At,
        Guid CorrelationId,
        Guid CausationId
    )
    {
        public RecordedEvent ToRecorded() =>
            new(Seq, Id, StreamId, Version, EventJson.Read(Seq, StoredName, Json), At, CorrelationId, CausationId);
    }
}
