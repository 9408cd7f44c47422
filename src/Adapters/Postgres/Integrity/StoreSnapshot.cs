using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>All events as they stood at one moment, however long it takes to look at them. Marten's tombstones are nobody's events.</summary>
internal sealed class StoreSnapshot : IAsyncDisposable
{
    /// <summary>Streams asked for in one round trip: the memory they take does not grow with the store.</summary>
    private const int StreamsPerPage = 500;

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private StoreSnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (this.connection, this.transaction) = (connection, transaction);

    public static async Task<StoreSnapshot> Open(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        return new(connection, await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    public Task<long> CountEvents(string? streamId, CancellationToken cancellation) => Count("type <> 'tombstone'", streamId, cancellation);

    public Task<long> CountTombstones(string? streamId, CancellationToken cancellation) =>
        Count("type = 'tombstone'", streamId, cancellation);

    /// <summary>Position and time of the newest event; 0 and null of a store without one.</summary>
    public async Task<(long Seq, DateTimeOffset? Time)> Newest(CancellationToken cancellation)
    {
        await using var command = Command("select seq_id, timestamp from mt_events where type <> 'tombstone' order by seq_id desc limit 1");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1)) : (0, null);
    }

    /// <summary>The time of an event; null if there is none at this position.</summary>
    public async Task<DateTimeOffset?> TimeOf(long seq, CancellationToken cancellation)
    {
        await using var command = Command("select timestamp from mt_events where seq_id = $1 and type <> 'tombstone'");
        command.Parameters.Add(new() { Value = seq });
        return await command.ExecuteScalarAsync(cancellation) is DateTime time ? new DateTimeOffset(time) : null;
    }

    /// <summary>The first event whose stream has no row: a foreign key stands against it, which whoever tampers can take away.</summary>
    public async Task<BrokenEvent?> FindWithoutStream(CancellationToken cancellation)
    {
        await using var command = Command(
            "select e.seq_id, coalesce(e.stream_id, ''), e.version from mt_events e "
                + "where not exists (select from mt_streams s where s.id = e.stream_id) and e.type <> 'tombstone' order by e.seq_id limit 1"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new(reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2), Break.NoStream, "its stream has no row in mt_streams.")
            : null;
    }

    /// <summary>
    /// Every stream in the order of its id's UTF-8 bytes, each with its events by version; for a stream without an event one item without a row.
    /// </summary>
    /// <param name="streamId">Only this one.</param>
    public async IAsyncEnumerable<(string StreamId, long? Version, HashedRow? Row)> Walk(
        string? streamId,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await foreach (var page in Streams(streamId, cancellation))
        {
            await using var command = Command(
                $"select u.id, u.version, {HashedRow.Columns} from unnest($1, $2) with ordinality u (id, version, n) "
                    + "left join mt_events e on e.stream_id = u.id and e.type <> 'tombstone' order by u.n, e.version, e.seq_id"
            );
            command.Parameters.Add(
                new() { Value = page.Select(s => s.Id).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }
            );
            command.Parameters.Add(
                new() { Value = page.Select(s => s.Version).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint }
            );
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var id = reader.GetString(0);
                yield return (
                    id,
                    reader.IsDBNull(1) ? null : reader.GetInt64(1),
                    reader.IsDBNull(2) ? null : HashedRow.Read(reader, id, 2)
                );
            }
        }
    }

    private async IAsyncEnumerable<List<(string Id, long? Version)>> Streams(
        string? streamId,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        if (streamId is not null)
        {
            await using var one = Command("select id, version from mt_streams where id = $1");
            one.Parameters.Add(new() { Value = streamId });
            if (await ReadPage(one, cancellation) is { Count: > 0 } only)
                yield return only;
            yield break;
        }
        await using var declare = Command(
            "declare ea_streams no scroll cursor for select id, version from mt_streams order by id collate \"C\""
        );
        await declare.ExecuteNonQueryAsync(cancellation);
        await using var fetch = Command($"fetch {StreamsPerPage} from ea_streams");
        while (await ReadPage(fetch, cancellation) is { Count: > 0 } page)
            yield return page;
    }

    private async Task<long> Count(string condition, string? streamId, CancellationToken cancellation)
    {
        await using var command = Command($"select count(*) from mt_events where {condition} and ($1 is null or stream_id = $1)");
        command.Parameters.Add(new() { Value = (object?)streamId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task<List<(string Id, long? Version)>> ReadPage(NpgsqlCommand command, CancellationToken cancellation)
    {
        List<(string, long?)> page = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            page.Add((reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetInt64(1)));
        return page;
    }

    // A large store takes as long as it takes; whoever waits can stop it.
    private NpgsqlCommand Command(string sql) => new(sql, connection, transaction) { CommandTimeout = 0 };
}
