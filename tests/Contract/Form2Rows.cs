using System.Text;
using System.Text.Json;
using EventArchive.Events;
using EventArchive.EventStore;
using NpgsqlTypes;

namespace EventArchive.Tests.Contract;

/// <summary>Events with hashes of form 2, put into the tables by hand behind what is there.</summary>
internal static class Form2Rows
{
    /// <param name="moreHeaders">Members of the headers as JSON, beside those that a writer gives.</param>
    public static async Task<EventHash> Append(
        TestDatabase database,
        string stream,
        DateTimeOffset time,
        CancellationToken cancellation,
        string moreHeaders = "{}"
    )
    {
        await database.Run($"insert into mt_streams (id, version) values ('{stream}', 0) on conflict do nothing", cancellation);
        var version = 1 + await database.Scalar<long>($"select version from mt_streams where id = '{stream}'", cancellation);
        var before = await database.Scalar<string>(
            $"select coalesce((select headers ->> 'hash' from mt_events where stream_id = '{stream}' and version = {version - 1}), '')",
            cancellation
        );
        var data = EventJson.WriteBytes(EventSamples.Numbered((int)version));
        var id = Guid.CreateVersion7();
        time = EventTime.Cut(time);
        var headers = new HeadersOfForm2("ops", before.Length == 0 ? null : EventHash.Parse(before), id);
        var covered = Join(JsonSerializer.Serialize(headers.ToDictionary()), moreHeaders);
        var hash = EventHash.OfForm2(
            stream,
            version,
            "archive_skipped",
            id,
            CanonicalJson.Of(data),
            time,
            "request-7",
            "cause-7",
            CanonicalJson.Of(Encoding.UTF8.GetBytes(covered))
        );
        await using var insert = database.Source.CreateCommand(
            """
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type, correlation_id, causation_id, headers)
                values (nextval('mt_events_sequence'), $1, $2, $3, $4, 'archive_skipped', $5, '', 'request-7', 'cause-7', $6)
            """
        );
        insert.Parameters.Add(new() { Value = id });
        insert.Parameters.Add(new() { Value = stream });
        insert.Parameters.Add(new() { Value = version });
        insert.Parameters.Add(new() { Value = Encoding.UTF8.GetString(data), NpgsqlDbType = NpgsqlDbType.Jsonb });
        insert.Parameters.Add(new() { Value = time, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        insert.Parameters.Add(
            new() { Value = Join(JsonSerializer.Serialize(headers.With(hash)), moreHeaders), NpgsqlDbType = NpgsqlDbType.Jsonb }
        );
        await insert.ExecuteNonQueryAsync(cancellation);
        await database.Run($"update mt_streams set version = {version} where id = '{stream}'", cancellation);
        return hash;
    }

    private static string Join(string members, string more) => more == "{}" ? members : $"{members[..^1]},{more[1..]}";
}
