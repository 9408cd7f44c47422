using System.Runtime.CompilerServices;
using System.Text;
using EventArchive.Events;
using EventArchive.EventStore;

namespace EventArchive.Handlers;

/// <summary>The event store for unit tests: the same answers as the one on Postgres, events kept as JSON, nothing survives the process.</summary>
public sealed class InMemoryEventStore(TimeProvider time) : IEventStore
{
    private readonly Lock gate = new();
    private readonly List<Row> rows = [];
    private readonly Dictionary<string, (long Version, EventHash? Hash)> heads = [];
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

    public async IAsyncEnumerable<RecordedEvent> Read(EventQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var types = query.Types?.ToHashSet(StringComparer.Ordinal);
        foreach (
            var recorded in await Read(
                row =>
                    row.Seq > query.AfterSeq
                    && (query.StreamId is null || row.StreamId == query.StreamId)
                    && (query.UpToVersion is null || row.Version <= query.UpToVersion)
                    && (query.From is null || row.At >= query.From)
                    && (query.Before is null || row.At < query.Before)
                    && (types is null || types.Contains(row.StoredName)),
                int.MaxValue,
                cancellation
            )
        )
        {
            cancellation.ThrowIfCancellationRequested();
            yield return recorded;
        }
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
            rows[at] = rows[at] with { StoredName = storedName, Json = Encoding.UTF8.GetBytes(json) };
        }
    }

    private AppendResult Append(Append append, IReadOnlyList<byte[]> bodies)
    {
        if (inbox.TryGetValue(append.MessageId, out var earlier))
            return new AppendResult.Duplicate(earlier);
        var (version, hash) = heads.GetValueOrDefault(append.StreamId);
        if (version != append.ExpectedVersion)
            return new AppendResult.VersionConflict(version);
        var now = time.GetUtcNow();
        var correlation = append.CorrelationId ?? append.MessageId;
        List<Guid> ids = [];
        foreach (var (@event, json) in append.Events.Zip(bodies))
        {
            var (id, name) = (Guid.CreateVersion7(now), StoredName.Of(@event.GetType()));
            hash = EventHash.Of(append.StreamId, ++version, name, id, json, correlation.ToString(), append.MessageId.ToString(), hash);
            rows.Add(new Row(rows.Count + 1, id, append.StreamId, version, name, json, now, correlation, append.MessageId, hash));
            ids.Add(id);
        }
        if (ids.Count > 0)
            heads[append.StreamId] = (version, hash);
        var outcome = new CommandOutcome(append.MessageId, append.Command, ids, append.Refusal, now);
        inbox[append.MessageId] = outcome;
        return new AppendResult.Appended(version, outcome, ids.Count > 0 ? rows.Count : null);
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
        byte[] Json,
        DateTimeOffset At,
        Guid CorrelationId,
        Guid CausationId,
        EventHash Hash
    )
    {
        public RecordedEvent ToRecorded() =>
            new(Seq, Id, StreamId, Version, EventJson.Read(Seq, StoredName, Json), At, CorrelationId, CausationId, Hash);
    }
}
