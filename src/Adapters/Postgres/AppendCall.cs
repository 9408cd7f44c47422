using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;

namespace EventArchive.Postgres;

/// <summary>One append, checked, with its ids, bodies and hashes, on its way to the database and waiting for its answer.</summary>
internal sealed class AppendCall
{
    private readonly TaskCompletionSource<AppendResult> answer = new();
    private AppendResult? result;
    private Exception? fault;

    /// <param name="bodies">The events' bodies as <see cref="AppendLimits"/> lets them pass.</param>
    /// <param name="previous">The hash of the event at the expected version; null when there is none.</param>
    public AppendCall(Append append, byte[][] bodies, EventHash? previous, DateTimeOffset now, CancellationToken cancellation)
    {
        Append = append;
        Cancellation = cancellation;
        Correlation = (append.CorrelationId ?? append.MessageId).ToString();
        Causation = append.MessageId.ToString();
        Bodies = bodies;
        Ids = new Guid[Bodies.Length];
        Headers = new string[Bodies.Length];
        for (var at = 0; at < Bodies.Length; at++)
        {
            Ids[at] = Guid.CreateVersion7(now);
            Bytes += Bodies[at].Length;
            var hash = EventHash.Of(
                append.StreamId,
                append.ExpectedVersion + at + 1,
                StoredName.Of(append.Events[at].GetType()),
                Ids[at],
                Bodies[at],
                Correlation,
                Causation,
                previous
            );
            Headers[at] = EventHeaders.Write(hash, previous);
            previous = hash;
        }
        LastHash = previous;
    }

    public Append Append { get; }
    public CancellationToken Cancellation { get; }
    public string Correlation { get; }
    public string Causation { get; }
    public Guid[] Ids { get; }
    public byte[][] Bodies { get; }
    public string[] Headers { get; }
    public long Bytes { get; }
    public EventHash? LastHash { get; }

    public Task<AppendResult> Answer => answer.Task;

    /// <summary>Whether it is known what <see cref="Answer"/> will be. What comes after the first is not heard.</summary>
    public bool IsSettled => result is not null || fault is not null;

    public void Appended(DateTimeOffset at, long? seq) =>
        Settle(
            new AppendResult.Appended(
                Append.ExpectedVersion + Ids.Length,
                new CommandOutcome(Append.MessageId, Append.Command, Ids, Append.Refusal, at),
                seq
            )
        );

    public void Conflict(long actualVersion) => Settle(new AppendResult.VersionConflict(actualVersion));

    /// <summary>What the inbox says: this very append when the event ids are its own, else an earlier delivery of the message.</summary>
    public void Recognise(CommandOutcome outcome)
    {
        if (outcome.EventIds.SequenceEqual(Ids))
            Settle(new AppendResult.Appended(Append.ExpectedVersion + Ids.Length, outcome));
        else
            Duplicate(outcome);
    }

    public void Duplicate(CommandOutcome outcome) => Settle(new AppendResult.Duplicate(outcome));

    public void Fail(Exception why)
    {
        if (!IsSettled)
            fault = why;
    }

    /// <summary>Gives the answer, and goes on with whoever waits for it: to be called last.</summary>
    public void Release()
    {
        if (result is not null)
            answer.TrySetResult(result);
        else
            answer.TrySetException(fault ?? new InvalidOperationException("An append was left without an answer."));
    }

    /// <summary>Gives the answer, and lets whoever waits for it go on elsewhere.</summary>
    public void ReleaseElsewhere() => ThreadPool.UnsafeQueueUserWorkItem(static call => call.Release(), this, preferLocal: false);

    private void Settle(AppendResult what)
    {
        if (!IsSettled)
            result = what;
    }
}
