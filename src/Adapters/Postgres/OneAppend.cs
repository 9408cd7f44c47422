using EventArchive.Events;
using EventArchive.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>The prepared call of <c>ea_append_one</c> over a connection, for one append after another.</summary>
internal sealed class OneAppend
{
    private readonly NpgsqlCommand command;

    private readonly NpgsqlParameter<string> stream = new();
    private readonly NpgsqlParameter<long> expected = new();
    private readonly NpgsqlParameter<Guid> message = new();
    private readonly NpgsqlParameter<string> name = new();
    private readonly NpgsqlParameter<string> correlation = new();
    private readonly NpgsqlParameter<string> causation = new();
    private readonly NpgsqlParameter<string?> code = new() { NpgsqlDbType = NpgsqlDbType.Text };
    private readonly NpgsqlParameter<string?> reason = new() { NpgsqlDbType = NpgsqlDbType.Text };
    private readonly NpgsqlParameter<string[]> types = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<string[]> dotnetTypes = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<int[]> eventTypes = new();
    private readonly NpgsqlParameter<Guid[]> ids = new();
    private readonly NpgsqlParameter<byte[][]> data = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };
    private readonly NpgsqlParameter<string[]> headers = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };

    public OneAppend(NpgsqlConnection connection) =>
        command = new NpgsqlCommand(
            "select result, found_version, number, at from ea_append_one($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            connection
        )
        {
            Parameters =
            {
                stream,
                expected,
                message,
                name,
                correlation,
                causation,
                code,
                reason,
                types,
                dotnetTypes,
                eventTypes,
                ids,
                data,
                headers,
            },
        };

    public async Task<AppendAnswer> Execute(AppendCall call)
    {
        // What was sent is waited for, whoever gave up.
        var end = CancellationToken.None;
        Fill(call);
        // Once for each connection of the pool.
        if (!command.IsPrepared)
            await command.PrepareAsync(end);
        await using var reader = await command.ExecuteReaderAsync(end);
        await reader.ReadAsync(end);
        var answer = new AppendAnswer(
            reader.GetChar(0),
            reader.GetInt64(1),
            await reader.IsDBNullAsync(2, end) ? null : reader.GetInt64(2),
            reader.GetFieldValue<DateTimeOffset>(3)
        );
        // The row comes before the commit does: only the end of the answer says that it is committed.
        await reader.NextResultAsync(end);
        return answer;
    }

    private void Fill(AppendCall call)
    {
        stream.TypedValue = call.Append.StreamId;
        expected.TypedValue = call.Append.ExpectedVersion;
        message.TypedValue = call.Append.MessageId;
        name.TypedValue = call.Append.Command;
        correlation.TypedValue = call.Correlation;
        causation.TypedValue = call.Causation;
        code.TypedValue = call.Append.Refusal?.Code;
        reason.TypedValue = call.Append.Refusal?.Reason;
        ids.TypedValue = call.Ids;
        data.TypedValue = call.Bodies;
        headers.TypedValue = call.Headers;
        List<Type> kinds = [];
        var places = new int[call.Ids.Length];
        for (var at = 0; at < places.Length; at++)
        {
            var kind = call.Append.Events[at].GetType();
            places[at] = kinds.IndexOf(kind) + 1;
            if (places[at] > 0)
                continue;
            kinds.Add(kind);
            places[at] = kinds.Count;
        }
        eventTypes.TypedValue = places;
        types.TypedValue = [.. kinds.Select(StoredName.Of)];
        dotnetTypes.TypedValue = [.. kinds.Select(DotnetType.Of)];
    }
}
