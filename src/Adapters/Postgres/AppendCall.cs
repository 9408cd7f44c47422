using EventArchive.Events;
using EventArchive.Handlers;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>One call of <c>ea_append</c>, checked before it is sent.</summary>
internal sealed class AppendCall
{
    private readonly Append append;
    private readonly IReadOnlyList<string> bodies;
    private readonly Guid[] ids;

    /// <exception cref="ArgumentException">A limit is exceeded, or a text cannot be stored.</exception>
    public AppendCall(Append append, DateTimeOffset now)
    {
        this.append = append;
        bodies = AppendLimits.Check(append);
        ids = [.. append.Events.Select(_ => Guid.CreateVersion7(now))];
    }

    /// <summary>From here on, only an answer tells whether it happened.</summary>
    public bool Sent { get; private set; }

    public async Task<AppendResult> Execute(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select result, stream_version, recorded_command, recorded_event_ids, recorded_refusal_code, recorded_refusal_reason, recorded_at "
                + "from ea_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            connection
        )
        {
            Parameters =
            {
                new() { Value = append.StreamId },
                new() { Value = append.ExpectedVersion },
                new() { Value = append.MessageId },
                new() { Value = append.Command },
                new() { Value = ids },
                Texts(append.Events.Select(@event => StoredName.Of(@event.GetType()))),
                Texts(append.Events.Select(@event => $"{@event.GetType().FullName}, {@event.GetType().Assembly.GetName().Name}")),
                new() { Value = bodies.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
                new() { Value = (append.CorrelationId ?? append.MessageId).ToString() },
                Text(append.Refusal?.Code),
                Text(append.Refusal?.Reason),
            },
        };
        Sent = true;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var result = Read(reader);
        // The row comes before the commit does: only the end of the answer says that it is committed.
        await reader.NextResultAsync(cancellation);
        return result;
    }

    /// <summary>What the inbox says of a call whose answer was lost. Other event ids: another delivery of the message was first.</summary>
    public AppendResult Recognise(CommandOutcome outcome) =>
        outcome.EventIds.SequenceEqual(ids)
            ? new AppendResult.Appended(append.ExpectedVersion + ids.Length, outcome)
            : new AppendResult.Duplicate(outcome);

    private AppendResult Read(NpgsqlDataReader reader) =>
        reader.GetString(0) switch
        {
            "appended" => new AppendResult.Appended(reader.GetInt64(1), InboxRow.Read(reader, append.MessageId, firstColumn: 2)),
            "conflict" => new AppendResult.VersionConflict(reader.GetInt64(1)),
            "duplicate" => new AppendResult.Duplicate(InboxRow.Read(reader, append.MessageId, firstColumn: 2)),
            var other => throw new InvalidOperationException($"ea_append answered '{other}', which this version does not know."),
        };

    private static NpgsqlParameter Texts(IEnumerable<string> texts) =>
        new() { Value = texts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter Text(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
