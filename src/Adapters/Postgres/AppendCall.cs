using EventArchive.Events;
using EventArchive.Handlers;

namespace EventArchive.Postgres;

/// <summary>One append, checked, with its ids, bodies and hashes, on its way to the database and waiting for its answer.</summary>
internal sealed class AppendCall
{
    private readonly TaskCompletionSource<AppendResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="bodies">The events' bodies as <see cref="AppendLimits"/> lets them pass.</param>
    /// <param name="previous">The hash of the event at the expected version; null when there is none.</param>
    public AppendCall(Append append, IReadOnlyList<byte[]> bodies, EventHash? previous, DateTimeOffset now, CancellationToken cancellation)
    {
        Append = append;
        Cancellation = cancellation;
        Correlation = (append.CorrelationId ?? append.MessageId).ToString();
        Causation = append.MessageId.ToString();
        Bodies = bodies;
        Ids = new Guid[Bodies.Count];
        Names = new string[Bodies.Count];
        Headers = new string[Bodies.Count];
        for (var at = 0; at < Bodies.Count; at++)
        {
            Ids[at] = Guid.CreateVersion7(now);
            Names[at] = StoredName.Of(append.Events[at].GetType());
            Bytes += Bodies[at].Length;
            var hash = EventHash.Of(
                append.StreamId,
                append.ExpectedVersion + at + 1,
                Names[at],
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
    public string[] Names { get; }
    public IReadOnlyList<byte[]> Bodies { get; }
    public string[] Headers { get; }
    public long Bytes { get; }
    public EventHash? LastHash { get; }

    public Task<AppendResult> Answer => answer.Task;

    public void Appended(DateTimeOffset at, long? seq) =>
        answer.TrySetResult(
            new AppendResult.Appended(
                Append.ExpectedVersion + Ids.Length,
                new CommandOutcome(Append.MessageId, Append.Command, Ids, Append.Refusal, at),
                seq
            )
        );

    public void Conflict(long actualVersion) => answer.TrySetResult(new AppendResult.VersionConflict(actualVersion));

    /// <summary>What the inbox says: this very append when the event ids are its own, else an earlier delivery of the message.</summary>
    public void Recognise(CommandOutcome outcome)
    {
        if (outcome.EventIds.SequenceEqual(Ids))
            answer.TrySetResult(new AppendResult.Appended(Append.ExpectedVersion + Ids.Length, outcome));
        else
            Duplicate(outcome);
    }

    public void Duplicate(CommandOutcome outcome) => answer.TrySetResult(new AppendResult.Duplicate(outcome));

    public void Fail(Exception fault) => answer.TrySetException(fault);

    public void Cancel() => answer.TrySetCanceled(Cancellation);
}
