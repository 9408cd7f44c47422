using System.Text.Json;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Postgres;
using EventArchive.Projections;
using Npgsql;
using NpgsqlTypes;
using Shouldly;

namespace EventArchive.Tests.Contract;

/// <summary>Many events put into the tables at once, and what must have become of them.</summary>
internal static class StoredHistory
{
    /// <summary>Random episodes of several communities, interleaved, from the first position on.</summary>
    public static async Task Fill(TestDatabase database, IEnumerable<int> choices, CancellationToken cancellation)
    {
        var history = new RandomHistory();
        var versions = new Dictionary<string, long>();
        long seq = 0;
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await Run(
            "insert into mt_streams (id, type, version) select 'community-' || s, 'community', 0 from unnest($1) s",
            Enumerable.Range(0, RandomHistory.Communities).Select(n => RandomHistory.Id(n).ToString()).ToArray()
        );
        await using (
            var copy = await connection.BeginBinaryImportAsync(
                "copy mt_events (seq_id, id, stream_id, version, data, type, timestamp) from stdin (format binary)",
                cancellation
            )
        )
        {
            foreach (var e in choices.SelectMany(history.Next))
            {
                var stream = $"community-{e.CommunityId}";
                versions[stream] = versions.GetValueOrDefault(stream) + 1;
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync(++seq, NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(Guid.CreateVersion7(), NpgsqlDbType.Uuid, cancellation);
                await copy.WriteAsync(stream, NpgsqlDbType.Varchar, cancellation);
                await copy.WriteAsync(versions[stream], NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(EventJson.Write(e), NpgsqlDbType.Jsonb, cancellation);
                await copy.WriteAsync(StoredName.Of(e.GetType()), NpgsqlDbType.Varchar, cancellation);
                await copy.WriteAsync(DateTimeOffset.UnixEpoch.AddSeconds(seq), NpgsqlDbType.TimestampTz, cancellation);
            }
            await copy.CompleteAsync(cancellation);
        }
        await Run(
            "update mt_streams s set version = (select max(version) from mt_events e where e.stream_id = s.id) where s.id = any($1)",
            versions.Keys.ToArray()
        );
        await Run("select setval('mt_events_sequence', $1)", seq);

        async Task Run(string sql, object value)
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = value } } };
            await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>Everything folded so far is as if it had been folded in one go, in memory.</summary>
    public static async Task ShouldBeFolded(
        this TestDatabase database,
        Projection projection,
        CancellationToken cancellation,
        params long[] skipped
    )
    {
        var rows = new FoldedRows(projection);
        var position = await database.Scalar<long>(
            $"select last_seq_id from mt_event_progression where name = '{projection.Name}'",
            cancellation
        );
        await using var command = database.Source.CreateCommand(
            $"select {EventRow.Columns} from mt_events e where seq_id <= $2 and seq_id <> all($3) order by seq_id"
        );
        foreach (var value in new object[] { Array.Empty<string>(), position, skipped })
            command.Parameters.Add(new() { Value = value });
        List<EventRow> events = [];
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            if (await reader.ReadAsync(cancellation))
                await EventRow.ReadPage(reader, 0, events, cancellation);
        foreach (var e in events)
            rows.Fold(e.ToRecorded());
        var table = await database.Rows($"select key, row from {new ProjectionTable(projection).Name} order by key", cancellation);
        table
            .Select(row => Normal(projection, row))
            .ShouldBe(
                rows.All.Where(row => row.Value is not null)
                    .OrderBy(row => row.Key, StringComparer.Ordinal)
                    .Select(row => $"{row.Key}|{JsonSerializer.Serialize(row.Value, projection.RowType, ProjectionTable.Json)}"),
                projection.Name
            );
    }

    /// <summary>The database has an order of fields of its own.</summary>
    private static string Normal(Projection projection, string row)
    {
        var (key, json) = (row[..row.IndexOf('|')], row[(row.IndexOf('|') + 1)..]);
        var value = JsonSerializer.Deserialize(json, projection.RowType, ProjectionTable.Json);
        return $"{key}|{JsonSerializer.Serialize(value, projection.RowType, ProjectionTable.Json)}";
    }
}
