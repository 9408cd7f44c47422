using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Projections;
using JasperFx;
using JasperFx.Events;
using Marten;
using Marten.Exceptions;
using Npgsql;
using MartenEvent = JasperFx.Events.IEvent;

namespace EventArchive.EventStore;

/// <summary>
/// One command: the state it is decided on, and the one transaction that stores its events, the community's new state, its pending work and
/// the command's outcome.
/// </summary>
public sealed class UnitOfWork : IAsyncDisposable
{
    /// <summary>How often, and after which pause, it is asked what became of a commit whose answer was lost.</summary>
    private const int SettleTries = 5;
    private static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(200);

    private readonly CommunityStore store;
    private readonly IDocumentSession session;
    private readonly TimeProvider time;
    private readonly Guid messageId;

    internal UnitOfWork(CommunityStore store, IDocumentSession session, TimeProvider time, Guid messageId, CommandOutcome? outcome)
    {
        (this.store, this.session, this.time, this.messageId) = (store, session, time, messageId);
        Outcome = outcome;
    }

    /// <summary>What the message came to before; null: it is new.</summary>
    public CommandOutcome? Outcome { get; }

    public Community Community => Stream?.Aggregate?.State ?? Community.Initial;

    internal IEventStream<CommunitySnapshot>? Stream { get; init; }

    internal StreamHead Head { get; set; } = StreamHead.Of(null);

    internal bool Torn { get; set; }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    /// <returns>The outcome, an earlier one if the message id was handled meanwhile; null: the stream has moved on, read and decide again.</returns>
    /// <exception cref="ArgumentException">A limit is exceeded, or a text cannot be stored.</exception>
    public async Task<CommandOutcome?> Commit(Decision decision, CancellationToken cancellation)
    {
        if (Torn)
            return null;
        var events = decision.Events.Count == 0 ? [] : Append(decision);
        var outcome = new CommandOutcome(messageId, decision.Command, [.. events.Select(e => e.Id)], decision.Refusal, Now());
        AppendLimits.Check(outcome);
        session.Insert(outcome);
        foreach (var body in decision.Events)
            Steps.Before("append", body.GetType().Name);
        try
        {
            // What was sent is waited for, whoever gave up.
            await CommunityStore.Unwrap(async () =>
            {
                await session.SaveChangesAsync(CancellationToken.None);
                return outcome;
            });
        }
        catch (Exception error)
            when (error is EventStreamUnexpectedMaxEventIdException or Marten.Exceptions.ExistingStreamIdCollisionException)
        {
            return null;
        }
        catch (DocumentAlreadyExistsException)
        {
            return await store.FindOutcome(messageId, cancellation);
        }
        catch (Exception lost) when (LeavesOutcomeUnknown(lost))
        {
            outcome = await Settle(cancellation) ?? throw new NpgsqlException("The connection was lost while a command was stored.", lost);
        }
        foreach (var body in decision.Events)
            Steps.After("append", body.GetType().Name);
        if (decision.Events.Count > 0)
            store.Notifier?.Committed(decision.Events.Select(e => PendingWork.Apply(e).Due).OfType<Effect>());
        return outcome;
    }

    private List<MartenEvent> Append(Decision decision)
    {
        var stream = Stream ?? throw new ArgumentException("A command without a community has no events.", nameof(decision));
        (session.CorrelationId, session.CausationId) = ((decision.CorrelationId ?? messageId).ToString(), messageId.ToString());
        var (at, hash) = (Now(), Head.Hash is null ? null : EventHash.Parse(Head.Hash));
        // Time never falls within a stream, even when a clock was set back.
        if (at < Head.At)
            at = Head.At;
        List<MartenEvent> built = [];
        foreach (var (data, body) in decision.Events.Zip(AppendLimits.Check(decision.Events)))
        {
            var e = session.Events.BuildEvent(data);
            (e.Id, e.Timestamp, e.CorrelationId, e.CausationId) = (Guid.CreateVersion7(at), at, session.CorrelationId, session.CausationId);
            hash = HashChain.Tie(e, stream.Key!, (stream.StartingVersion ?? 0) + built.Count + 1, body, decision, hash);
            stream.AppendOne(e);
            built.Add(e);
        }
        return built;
    }

    private DateTimeOffset Now() => EventTime.Cut(time.GetUtcNow());

    private async Task<CommandOutcome?> Settle(CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= SettleTries; attempt++)
        {
            await Task.Delay(SettlePause, time, cancellation);
            try
            {
                return await store.FindOutcome(messageId, cancellation);
            }
            catch (NpgsqlException)
            {
                // Still away: the first error is the one to report.
            }
        }
        return null;
    }

    /// <summary>An answer of the server says what happened; a lost connection, or one that the server ended, does not.</summary>
    private static bool LeavesOutcomeUnknown(Exception error) =>
        error is ObjectDisposedException or IOException or TimeoutException
        || (
            error is NpgsqlException
            && (error is not PostgresException answer || answer.SqlState.StartsWith("57P", StringComparison.Ordinal))
        );
}
