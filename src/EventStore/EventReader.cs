using System.Runtime.CompilerServices;
using EventArchive.Events;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.EventStore;

/// <summary>
/// Reads what a query asks for page by page: no transaction and no connection is held while the reader works on a page, and the next one is
/// fetched meanwhile. Events of all streams are read up to the daemon's high-water mark and no further: behind it numbers may still come
/// to light that are lower than those that are there.
/// </summary>
public sealed class EventReader(NpgsqlDataSource source)
{
    /// <summary>A page ends at whichever comes first; at most three pages are in memory.</summary>
    private const int MaxPageEvents = 1000;
    private const long MaxPageBytes = 8 * 1024 * 1024;

    /// <summary>Streams the events that are not skipped, in constant memory.</summary>
    /// <exception cref="UnreadableEventException">A name is unknown, or a body of another shape.</exception>
    public IAsyncEnumerable<RecordedEvent> Read(EventQuery query, CancellationToken cancellation) =>
        ReadStored(query, cancellation).Where(row => !row.Skipped).Select(row => row.ToRecorded());

    /// <summary>Streams the rows, those of skipped events too, in constant memory.</summary>
    public async IAsyncEnumerable<StoredEvent> ReadStored(EventQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var page in Pages(query, cancellation))
        foreach (var row in page)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    /// <summary>Up to here no lower number will come to light; 0 while the daemon has never run.</summary>
    public async Task<long> HighWaterMark(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "select coalesce((select last_seq_id from mt_event_progression where name = 'HighWaterMark'), 0)"
        );
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async IAsyncEnumerable<List<StoredEvent>> Pages(EventQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Within a stream numbers rise with the versions.
        var last = query is { StreamId: null, BeyondMark: false } ? await HighWaterMark(cancellation) : long.MaxValue;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var next = Fetch(query, query.AfterSeq, 0, last, ended.Token);
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

    private async Task<List<StoredEvent>> Fetch(
        EventQuery query,
        long afterSeq,
        long afterVersion,
        long lastSeq,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand();
        var where = $"seq_id > {Add(afterSeq)} and seq_id <= {Add(lastSeq)} and {StoredEvent.NoTombstone}";
        if (query.StreamId is { } stream)
            where +=
                $" and stream_id = {Add(stream)} and version > {Add(afterVersion)} and version <= {Add(query.UpToVersion ?? long.MaxValue)}";
        if (query.From is { } from)
            where += $" and timestamp >= {Add(from.ToUniversalTime())}";
        if (query.Before is { } before)
            where += $" and timestamp < {Add(before.ToUniversalTime())}";
        if (query.Types is { } types)
            where += $" and type = any({Add(types.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)})";
        var order = query.StreamId is null ? "seq_id" : "version";
        command.CommandText = $"select {StoredEvent.Columns} from mt_events where {where} order by {order} limit {MaxPageEvents}";
        await using var connection = await source.OpenConnectionAsync(cancellation);
        command.Connection = connection;
        return await StoredEvent.Read(command, MaxPageBytes, cancellation);

        string Add(object value, NpgsqlDbType? type = null)
        {
            var parameter = new NpgsqlParameter { Value = value };
            if (type is { } given)
                parameter.NpgsqlDbType = given;
            command.Parameters.Add(parameter);
            return $"${command.Parameters.Count}";
        }
    }
}
