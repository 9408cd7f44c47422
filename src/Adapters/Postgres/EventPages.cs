using System.Runtime.CompilerServices;
using EventArchive.Handlers;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>
/// Reads what a query asks for page by page: no transaction and no connection is held while the reader works on a page, and the next one is
/// fetched meanwhile.
/// </summary>
internal sealed class EventPages(NpgsqlDataSource source)
{
    /// <summary>A page ends at whichever comes first; at most three pages are in memory.</summary>
    private const int MaxPageEvents = 1000;
    private const long MaxPageBytes = 8 * 1024 * 1024;

    public async IAsyncEnumerable<List<StoredEvent>> Read(EventQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (after, last) = await Bounds(query, cancellation);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var next = Fetch(query, after, 0, last, ended.Token);
        try
        {
            while (await next is { Count: > 0 } page)
            {
                next = Fetch(query, page[^1].Seq, page[^1].Version, last, ended.Token);
                yield return page;
            }
        }
        finally
        {
            await ended.CancelAsync();
            // Whether it came to anything is of no interest any more.
            await next.ContinueWith(
                static _ => { },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
    }

    /// <summary>The positions between which the query's time lies.</summary>
    private async Task<(long After, long Last)> Bounds(EventQuery query, CancellationToken cancellation)
    {
        if (query.From is null && query.Before is null)
            return (query.AfterSeq, long.MaxValue);
        await using var command = source.CreateCommand("select ea_seq_before($1), ea_seq_before($2)");
        command.Parameters.Add(Moment(query.From));
        command.Parameters.Add(Moment(query.Before));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (
            query.From is null ? query.AfterSeq : Math.Max(query.AfterSeq, reader.GetInt64(0)),
            query.Before is null ? long.MaxValue : reader.GetInt64(1)
        );
    }

    private async Task<List<StoredEvent>> Fetch(
        EventQuery query,
        long afterSeq,
        long afterVersion,
        long lastSeq,
        CancellationToken cancellation
    )
    {
        await using var command = query.StreamId is { } stream
            ? Select("stream_id = $3 and version > $4 and version <= $5 and seq_id > $1 and seq_id <= $2", "version", stream, afterVersion)
            : Select("seq_id > $1 and seq_id <= $2", "seq_id");
        await using var connection = await source.OpenConnectionAsync(cancellation);
        command.Connection = connection;
        return await StoredEvent.Read(command, MaxPageBytes, cancellation);

        NpgsqlCommand Select(string where, string order, params object[] more)
        {
            var select = new NpgsqlCommand();
            select.Parameters.Add(new() { Value = afterSeq });
            select.Parameters.Add(new() { Value = lastSeq });
            foreach (var value in more)
                select.Parameters.Add(new() { Value = value });
            if (query.StreamId is not null)
                select.Parameters.Add(new() { Value = query.UpToVersion ?? long.MaxValue });
            if (query.Types is { } types)
            {
                select.Parameters.Add(new() { Value = types.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
                where += $" and type = any(${select.Parameters.Count})";
            }
            select.CommandText =
                $"select {StoredEvent.Columns} from mt_events where {where} and {StoredEvent.NoTombstone} order by {order} limit {MaxPageEvents}";
            return select;
        }
    }

    private static NpgsqlParameter Moment(DateTimeOffset? moment) =>
        new() { Value = (object?)moment?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
