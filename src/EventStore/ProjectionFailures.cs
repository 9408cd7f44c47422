using EventArchive.Events;
using Npgsql;

namespace EventArchive.EventStore;

/// <summary>
/// Events at which a projection or the publisher stopped, in <c>ea_projection_failures</c>, and what someone decided about them. The daemon
/// tries again by itself every few seconds; an event that is skipped is skipped for all.
/// </summary>
public sealed class ProjectionFailures(NpgsqlDataSource source)
{
    public const int MaxReasonCharacters = 1000;

    public async Task Record(string name, long seq, string reason, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            insert into ea_projection_failures as f (name, seq_id, reason, at) values ($1, $2, $3, clock_timestamp())
            on conflict (name) do update set seq_id = excluded.seq_id, reason = excluded.reason,
                at = case when f.seq_id = excluded.seq_id then f.at else excluded.at end
            """
        );
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = seq });
        command.Parameters.Add(new() { Value = ReadableText.Of(reason) });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The first event of an unknown type behind the position of a shard; null: there is none.</summary>
    public async Task<(long Seq, string Type)?> FindUnknown(string shard, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            $"""
            select seq_id, type from mt_events
            where seq_id > coalesce((select last_seq_id from mt_event_progression where name = $1), 0)
                and type <> all($2) and {StoredEvent.NoTombstone} and not coalesce(is_skipped, false)
            order by seq_id
            limit 1
            """
        );
        command.Parameters.Add(new() { Value = shard });
        command.Parameters.Add(new() { Value = StoredName.All.Select(pair => pair.Key).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetInt64(0), reader.GetString(1)) : null;
    }

    /// <summary>Forgets why a projection stopped: it is tried again within seconds.</summary>
    /// <exception cref="InvalidOperationException">It has not stopped.</exception>
    public async Task<ProjectionFailure> Retry(string name, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "delete from ea_projection_failures where name = $1 and seq_id is not null returning name, seq_id, reason, at"
        );
        command.Parameters.Add(new() { Value = name });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? Read(reader)
            : throw new InvalidOperationException($"{name} has not stopped: there is nothing to retry.");
    }

    /// <summary>Marks an event as skipped, for every reader and every later rebuild, and keeps who decided it and why.</summary>
    /// <exception cref="InvalidOperationException">Nothing has stopped at this event.</exception>
    public async Task Skip(long seq, string reason, string by, CancellationToken cancellation)
    {
        if (reason.Trim().Length is 0 or > MaxReasonCharacters)
            throw new ArgumentException($"A reason for skipping an event has 1 to {MaxReasonCharacters} characters.");
        await using var command = source.CreateCommand(
            """
            with stopped as (
                delete from ea_projection_failures where seq_id = $1 returning seq_id
            ), marked as (
                update mt_events set is_skipped = true where seq_id in (select seq_id from stopped) returning seq_id
            )
            insert into ea_skipped_events (seq_id, reason, skipped_by, at) select seq_id, $2, $3, clock_timestamp() from marked
            on conflict (seq_id) do nothing
            """
        );
        command.Parameters.Add(new() { Value = seq });
        command.Parameters.Add(new() { Value = ReadableText.Of(reason.Trim()) });
        command.Parameters.Add(new() { Value = ReadableText.Of(by) });
        if (await command.ExecuteNonQueryAsync(cancellation) == 0)
            throw new InvalidOperationException(
                $"Nothing has stopped at event {seq}: only an event at which a projection stopped can be skipped. See eventarchive projections list."
            );
    }

    /// <summary>By name, the last one of each projection, whether or not it has got past it since.</summary>
    public async Task<IReadOnlyDictionary<string, ProjectionFailure>> List(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "select name, seq_id, reason, at from ea_projection_failures where seq_id is not null"
        );
        Dictionary<string, ProjectionFailure> found = new(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(reader.GetString(0), Read(reader));
        return found;
    }

    private static ProjectionFailure Read(NpgsqlDataReader reader) =>
        new(reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3));
}

/// <param name="SeqId">The event at which it stopped.</param>
public sealed record ProjectionFailure(string Name, long SeqId, string Reason, DateTimeOffset At);
