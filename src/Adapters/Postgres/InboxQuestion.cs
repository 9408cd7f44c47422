using EventArchive.EventStore;
using EventArchive.Handlers;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Asks the inbox what became of appends whose answer was lost.</summary>
internal sealed class InboxQuestion(NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>How often, and after which pause, the inbox is asked.</summary>
    private const int Tries = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async Task<IReadOnlyDictionary<Guid, CommandOutcome>> Find(IReadOnlyList<Guid> messageIds, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "select command, event_ids, refusal_code, refusal_reason, handled_at, message_id from ea_inbox where message_id = any($1)"
        );
        command.Parameters.Add(new() { Value = messageIds });
        Dictionary<Guid, CommandOutcome> found = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var messageId = reader.GetGuid(5);
            found[messageId] = InboxRow.Read(reader, messageId, firstColumn: 0);
        }
        return found;
    }

    /// <summary>Answers each from its row. What has none is failed with <paramref name="lost"/>: its sender may send the same message again.</summary>
    public async Task Settle(IReadOnlyList<AppendCall> calls, NpgsqlException lost)
    {
        List<AppendCall> open = [.. calls];
        for (var attempt = 1; attempt <= Tries && open.Count > 0; attempt++)
        {
            await Task.Delay(Pause, time);
            try
            {
                var found = await Find([.. open.Select(call => call.Append.MessageId)], CancellationToken.None);
                foreach (var call in open)
                    if (found.TryGetValue(call.Append.MessageId, out var outcome))
                        call.Recognise(outcome);
                open.RemoveAll(call => call.IsSettled);
            }
            catch (NpgsqlException)
            {
                // Still away: the first error is the one to report.
            }
        }
        foreach (var call in open)
            call.Fail(lost);
    }
}
