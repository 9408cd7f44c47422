using Npgsql;

namespace EventArchive.Postgres;

/// <summary>A subscription's row in <c>mt_event_progression</c>: up to where it has handled the events, and by its lock, who may.</summary>
internal static class Checkpoint
{
    public static async Task Register(string name, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "insert into mt_event_progression (name, last_seq_id) values ($1, 0) on conflict on constraint pk_mt_event_progression do nothing",
            connection
        )
        {
            Parameters = { new() { Value = name } },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>In one round trip: lock the checkpoint, read the events behind it, and which of them are to be passed over.</summary>
    /// <param name="despiteFault">Also when the subscription has stopped at an event.</param>
    /// <returns>Null: another instance is at work, or the subscription has stopped, or the row is gone.</returns>
    public static async Task<TakenEvents?> Take(
        IEventHandler handler,
        int limit,
        bool despiteFault,
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new(
                    $"""
                    with checkpoint as materialized (
                        select coalesce(p.last_seq_id, 0) as seq
                        from mt_event_progression p
                        where p.name = $2 and ($3 or not exists (select from ea_subscription_faults f where f.name = $2))
                        for update of p skip locked
                    )
                    select c.seq, {EventRow.Columns}
                    from checkpoint c
                    left join lateral (
                        select * from mt_events where seq_id > c.seq order by seq_id limit {limit}
                    ) e on true
                    """
                )
                {
                    Parameters =
                    {
                        new() { Value = handler.Unread },
                        new() { Value = handler.Name },
                        new() { Value = despiteFault },
                    },
                },
                new("select seq_id from ea_skipped_events where name = $1") { Parameters = { new() { Value = handler.Name } } },
                new("select set_config('synchronous_commit', $1, true)")
                {
                    Parameters = { new() { Value = handler.HasEffects ? "on" : "off" } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var seq = reader.GetInt64(0);
        List<EventRow> rows = [];
        var cut = false;
        if (!await reader.IsDBNullAsync(1, cancellation))
            cut = await EventRow.ReadPage(reader, 1, rows, cancellation);
        await reader.NextResultAsync(cancellation);
        HashSet<long> skipped = [];
        while (await reader.ReadAsync(cancellation))
            skipped.Add(reader.GetInt64(0));
        return new TakenEvents(seq, rows, skipped, cut || rows.Count == limit);
    }

    /// <summary>Only from where it was: whoever moved it in between holds the lock now.</summary>
    public static NpgsqlBatchCommand Move(string name, long from, long to) =>
        new(
            "update mt_event_progression set last_seq_id = $3, last_updated = clock_timestamp() where name = $1 and coalesce(last_seq_id, 0) = $2"
        )
        {
            Parameters =
            {
                new() { Value = name },
                new() { Value = from },
                new() { Value = to },
            },
        };
}

/// <param name="Checkpoint">The last event handled before.</param>
/// <param name="Rows">What comes behind it, in order.</param>
/// <param name="Skipped">The positions of events to be passed over.</param>
/// <param name="More">There may be more behind these.</param>
internal sealed record TakenEvents(long Checkpoint, IReadOnlyList<EventRow> Rows, IReadOnlySet<long> Skipped, bool More)
{
    /// <summary>Those to be handled.</summary>
    public IReadOnlyList<EventRow> Open { get; } =
    [.. Rows.Where(row => row.Json is not null && !row.IsTombstone && !Skipped.Contains(row.Seq))];

    /// <summary>Where the checkpoint stands when the first so many of the open ones are handled.</summary>
    public long After(int handled) =>
        handled == Open.Count ? (Rows.Count > 0 ? Rows[^1].Seq : Checkpoint)
        : Rows.LastOrDefault(row => row.Seq < Open[handled].Seq) is { } last ? last.Seq
        : Checkpoint;
}
