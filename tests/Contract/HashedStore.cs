using System.Text;
using System.Text.Json;
using EventArchive.Events;
using EventArchive.EventStore;
using NpgsqlTypes;

namespace EventArchive.Tests.Contract;

/// <summary>A database with events that carry hashes of form 1, as releases before schema 5 wrote them, and the ways to tamper with it.</summary>
internal sealed class HashedStore(TestDatabase database) : IAsyncDisposable
{
    public TestDatabase Database => database;

    public ValueTask DisposeAsync() => database.DisposeAsync();

    /// <summary>All of one command, behind what is in the stream.</summary>
    public async Task Append(string stream, CancellationToken cancellation, params IEvent[] events)
    {
        var messageId = Guid.CreateVersion7();
        List<Guid> ids = [];
        await database.Run($"insert into mt_streams (id, version) values ('{stream}', 0) on conflict do nothing", cancellation);
        foreach (var data in events)
        {
            await using var insert = database.Source.CreateCommand(
                """
                with moved as (update mt_streams set version = version + 1 where id = $1 returning version)
                insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers)
                    select nextval('mt_events_sequence'), $2, $1, version, $3, $4, clock_timestamp(), '', $5, $5, 'null' from moved
                """
            );
            insert.Parameters.Add(new() { Value = stream });
            ids.Add(Guid.CreateVersion7());
            insert.Parameters.Add(new() { Value = ids[^1] });
            insert.Parameters.Add(new() { Value = EventJson.Write(data), NpgsqlDbType = NpgsqlDbType.Jsonb });
            insert.Parameters.Add(new() { Value = StoredName.Of(data.GetType()) });
            insert.Parameters.Add(new() { Value = messageId.ToString() });
            await insert.ExecuteNonQueryAsync(cancellation);
        }
        var outcome = new CommandOutcome(messageId, "CreateArchive", ids, Refusal: null, TimeProvider.System.GetUtcNow());
        var json = JsonSerializer.Serialize(outcome, EventJson.Options);
        await database.Run($"insert into mt_doc_outcome (id, data) values ('{messageId}', '{json}')", cancellation);
        await Hash(stream, again: false, cancellation);
    }

    /// <summary>As a foreign Marten does: no hash, no outcome.</summary>
    public async Task AppendForeign(string stream, CancellationToken cancellation)
    {
        await database.Run(
            $$$"""
            insert into mt_streams (id, type, version) values ('{{{stream}}}', null, 1)
                on conflict (id) do update set version = mt_streams.version + 1;
            insert into mt_events (seq_id, id, stream_id, version, data, type, mt_dotnet_type, correlation_id, causation_id, headers)
                select nextval('mt_events_sequence'), gen_random_uuid(), id, version, '{"Deep": {"N": 1.50}}', 'order_placed', 'Shop.OrderPlaced, Shop',
                    'request-7', gen_random_uuid()::text, '{"tenant": "blue"}'
                from mt_streams where id = '{{{stream}}}'
            """,
            cancellation
        );
    }

    /// <summary>Writes the hashes of a stream; whoever tampers with all of it does the same.</summary>
    public async Task Hash(string stream, bool again, CancellationToken cancellation, long fromVersion = 1)
    {
        List<(long Seq, string Type, Guid Id, string Data, string? Correlation, string? Causation, long Version, string? Hash)> rows = [];
        await using (
            var select = database.Source.CreateCommand(
                "select seq_id, type, id, data::text, correlation_id, causation_id, version, headers ->> 'hash' from mt_events where stream_id = $1 order by version"
            )
        )
        {
            select.Parameters.Add(new() { Value = stream });
            await using var reader = await select.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                rows.Add(
                    (
                        reader.GetInt64(0),
                        reader.GetString(1),
                        reader.GetGuid(2),
                        reader.GetString(3),
                        reader.IsDBNull(4) ? null : reader.GetString(4),
                        reader.IsDBNull(5) ? null : reader.GetString(5),
                        reader.GetInt64(6),
                        reader.IsDBNull(7) ? null : reader.GetString(7)
                    )
                );
        }
        EventHash? previous = null;
        foreach (var row in rows)
        {
            if (row.Hash is not null && !again)
            {
                previous = EventHash.Parse(row.Hash);
                continue;
            }
            if (row.Type == "order_placed" || row.Version < fromVersion)
            {
                previous = null;
                continue;
            }
            var data = CanonicalJson.Of(Encoding.UTF8.GetBytes(row.Data));
            var hash = EventHash.Of(stream, row.Version, row.Type, row.Id, data, row.Correlation, row.Causation, previous);
            await using var update = database.Source.CreateCommand("update mt_events set headers = $2 where seq_id = $1");
            update.Parameters.Add(new() { Value = row.Seq });
            update.Parameters.Add(
                new()
                {
                    Value = $$"""{"hash": "{{hash}}", "previous": {{(previous is null ? "null" : $"\"{previous}\"")}}}""",
                    NpgsqlDbType = NpgsqlDbType.Jsonb,
                }
            );
            await update.ExecuteNonQueryAsync(cancellation);
            previous = hash;
        }
    }
}
