using EventArchive.Events;
using EventArchive.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>The prepared call of <c>ea_append</c> over a connection, for one batch after another.</summary>
internal sealed class ManyAppends
{
    private readonly NpgsqlCommand command;

    private readonly NpgsqlParameter<string[]> streams = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<long[]> expected = new();
    private readonly NpgsqlParameter<Guid[]> messages = new();
    private readonly NpgsqlParameter<string[]> commands = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<string[]> correlations = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<string[]> causations = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<string?[]> codes = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<string?[]> reasons = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<int[]> firsts = new();
    private readonly NpgsqlParameter<int[]> counts = new();
    private readonly NpgsqlParameter<string[]> types = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<string[]> dotnetTypes = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    private readonly NpgsqlParameter<int[]> appends = new();
    private readonly NpgsqlParameter<int[]> eventTypes = new();
    private readonly NpgsqlParameter<Guid[]> ids = new();
    private readonly NpgsqlParameter<long[]> versions = new();
    private readonly NpgsqlParameter<byte[][]> data = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };
    private readonly NpgsqlParameter<string[]> headers = new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };

    public ManyAppends(NpgsqlConnection connection) =>
        command = new NpgsqlCommand(
            "select results, found_versions, numbers, at from ea_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
            connection
        )
        {
            Parameters =
            {
                streams,
                expected,
                messages,
                commands,
                correlations,
                causations,
                codes,
                reasons,
                firsts,
                counts,
                types,
                dotnetTypes,
                appends,
                eventTypes,
                ids,
                versions,
                data,
                headers,
            },
        };

    /// <returns>One for each append.</returns>
    public async Task<AppendAnswer[]> Execute(IReadOnlyList<AppendCall> calls)
    {
        Fill(calls);
        // Once for each connection of the pool.
        if (!command.IsPrepared)
            await command.PrepareAsync();
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var results = reader.GetFieldValue<char[]>(0);
        var found = reader.GetFieldValue<long[]>(1);
        long[] numbers = await reader.IsDBNullAsync(2) ? [] : reader.GetFieldValue<long[]>(2);
        var at = reader.GetFieldValue<DateTimeOffset>(3);
        // The row comes before the commit does: only the end of the answer says that it is committed.
        await reader.NextResultAsync();
        var answers = new AppendAnswer[calls.Count];
        var stored = 0;
        for (var n = 0; n < answers.Length; n++)
        {
            var count = results[n] == AppendAnswer.Appended ? calls[n].Ids.Length : 0;
            stored += count;
            answers[n] = new AppendAnswer(results[n], found[n], count > 0 ? numbers[stored - 1] : null, at);
        }
        return answers;
    }

    private void Fill(IReadOnlyList<AppendCall> calls)
    {
        streams.TypedValue = [.. calls.Select(call => call.Append.StreamId)];
        expected.TypedValue = [.. calls.Select(call => call.Append.ExpectedVersion)];
        messages.TypedValue = [.. calls.Select(call => call.Append.MessageId)];
        commands.TypedValue = [.. calls.Select(call => call.Append.Command)];
        correlations.TypedValue = [.. calls.Select(call => call.Correlation)];
        causations.TypedValue = [.. calls.Select(call => call.Causation)];
        codes.TypedValue = [.. calls.Select(call => call.Append.Refusal?.Code)];
        reasons.TypedValue = [.. calls.Select(call => call.Append.Refusal?.Reason)];
        counts.TypedValue = [.. calls.Select(call => call.Ids.Length)];
        firsts.TypedValue = new int[calls.Count];
        var count = counts.TypedValue.Sum();
        appends.TypedValue = new int[count];
        eventTypes.TypedValue = new int[count];
        ids.TypedValue = new Guid[count];
        versions.TypedValue = new long[count];
        data.TypedValue = new byte[count][];
        headers.TypedValue = new string[count];
        Dictionary<Type, int> places = [];
        var e = 0;
        for (var n = 0; n < calls.Count; n++)
        {
            var call = calls[n];
            firsts.TypedValue[n] = e + 1;
            for (var at = 0; at < call.Ids.Length; at++, e++)
            {
                var type = call.Append.Events[at].GetType();
                if (!places.TryGetValue(type, out var place))
                    places[type] = place = places.Count + 1;
                appends.TypedValue[e] = n + 1;
                eventTypes.TypedValue[e] = place;
                ids.TypedValue[e] = call.Ids[at];
                versions.TypedValue[e] = call.Append.ExpectedVersion + at + 1;
                data.TypedValue[e] = call.Bodies[at];
                headers.TypedValue[e] = call.Headers[at];
            }
        }
        types.TypedValue = [.. places.Keys.Select(StoredName.Of)];
        dotnetTypes.TypedValue = [.. places.Keys.Select(DotnetType.Of)];
    }
}
