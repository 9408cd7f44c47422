using EventArchive.Handlers;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// The event store in Marten 8's tables. Commit order is <c>seq_id</c> order, since <c>ea_append</c> takes numbers under a lock that
/// ends with the commit.
/// </summary>
public sealed class PostgresEventStore(NpgsqlDataSource source, TimeProvider time) : IEventStore
{
    /// <summary>How often, and after which pause, the inbox is asked what became of an append whose answer was lost.</summary>
    private const int OutcomeTries = 5;
    private static readonly TimeSpan OutcomePause = TimeSpan.FromMilliseconds(200);

    public async Task<IReadOnlyList<RecordedEvent>> ReadStream(string streamId, long afterVersion, CancellationToken cancellation)
    {
        await using var command = StoredEvent.SelectStream(streamId, afterVersion);
        return await Read(command, cancellation);
    }

    public async Task<IReadOnlyList<RecordedEvent>> ReadAll(long afterSeq, int limit, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        await using var command = StoredEvent.SelectAll(afterSeq, limit);
        return await Read(command, cancellation);
    }

    public async Task<AppendResult> Append(Append append, CancellationToken cancellation)
    {
        var call = new AppendCall(append, time.GetUtcNow());
        var first = append.Events.Count > 0 ? append.Events[0].GetType().Name : null;
        if (first is not null)
            CrashPoint.Before("append", first);
        AppendResult result;
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            result = await call.Execute(connection, cancellation);
        }
        catch (NpgsqlException lost) when (call.Sent && LeavesOutcomeUnknown(lost))
        {
            var outcome = await AskInbox(append.MessageId, cancellation);
            if (outcome is null)
                throw;
            result = call.Recognise(outcome);
        }
        if (first is not null)
            CrashPoint.After("append", first);
        return result;
    }

    public async Task<CommandOutcome?> FindOutcome(Guid messageId, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "select command, event_ids, refusal_code, refusal_reason, handled_at from ea_inbox where message_id = $1"
        );
        command.Parameters.Add(new() { Value = messageId });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? InboxRow.Read(reader, messageId, firstColumn: 0) : null;
    }

    private async Task<IReadOnlyList<RecordedEvent>> Read(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        command.Connection = connection;
        var rows = await StoredEvent.Read(command, cancellation);
        return [.. rows.Select(row => row.ToRecorded())];
    }

    /// <summary>An answer of the server says what happened; a lost connection, or one the server ended, does not.</summary>
    private static bool LeavesOutcomeUnknown(NpgsqlException fault) =>
        fault is not PostgresException answer || answer.SqlState.StartsWith("57P", StringComparison.Ordinal);

    private async Task<CommandOutcome?> AskInbox(Guid messageId, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= OutcomeTries; attempt++)
        {
            await Task.Delay(OutcomePause, time, cancellation);
            try
            {
                if (await FindOutcome(messageId, cancellation) is { } outcome)
                    return outcome;
            }
            catch (NpgsqlException)
            {
                // Still away: the first error is the one to report.
            }
        }
        return null;
    }
}
