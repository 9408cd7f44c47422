using Npgsql;

namespace EventArchive.Postgres;

/// <summary>
/// Subscriptions that stopped at an event, and what someone decided about it. While a fault is on record no node runs the subscription; a
/// running service goes on within seconds after it is retried or skipped.
/// </summary>
public sealed class SubscriptionFaults(NpgsqlDataSource source)
{
    public const int MaxReasonCharacters = 1000;

    /// <summary>Lets a stopped subscription try its event again.</summary>
    /// <exception cref="InvalidOperationException">It has not stopped.</exception>
    public async Task<StoppedSubscription> Retry(string name, CancellationToken cancellation)
    {
        var decision = new NpgsqlBatchCommand(
            $"""
            with retried as (delete from ea_subscription_faults where name = $1 returning seq_id, reason, at)
            select seq_id, reason, at, pg_notify('{Notifications.EventsChannel}', '') from retried
            """
        )
        {
            Parameters = { new() { Value = name } },
        };
        return await Decide(name, decision, cancellation)
            ?? throw new InvalidOperationException($"{name} has not stopped: there is nothing to retry.");
    }

    /// <summary>Lets a subscription, and every later rebuild of it, pass over the event at which it stopped. That stays on record.</summary>
    /// <param name="by">Who decided it.</param>
    /// <exception cref="InvalidOperationException">It has not stopped at that event.</exception>
    public async Task<StoppedSubscription> Skip(string name, long seq, string reason, string by, CancellationToken cancellation)
    {
        if (reason.Trim().Length is 0 or > MaxReasonCharacters)
            throw new ArgumentException($"A reason for skipping an event has 1 to {MaxReasonCharacters} characters.");
        var decision = new NpgsqlBatchCommand(
            $"""
            with stopped as (
                delete from ea_subscription_faults where name in ($1, $1 || '{RebuildTable.CheckpointSuffix}') and seq_id = $2
                returning seq_id, reason, at
            ), skipped as (
                insert into ea_skipped_events (name, seq_id, reason, skipped_by) select distinct $1, seq_id, $3, $4 from stopped
                on conflict on constraint pkey_ea_skipped_events do nothing
            )
            select seq_id, reason, at, pg_notify('{Notifications.EventsChannel}', '') from stopped
            """
        );
        foreach (var value in new object[] { name, seq, ReadableText.Of(reason.Trim()), ReadableText.Of(by) })
            decision.Parameters.Add(new() { Value = value });
        if (await Decide(name, decision, cancellation) is { } skipped)
            return skipped;
        throw new InvalidOperationException(
            await Find(name, cancellation) is { } stopped
                ? $"{name} stopped at event {stopped.SeqId}, not at {seq}: only the event at which it stopped can be skipped."
                : $"{name} has not stopped: there is nothing to skip."
        );
    }

    /// <summary>
    /// Behind the checkpoint's lock: a node that began to try the event before it was mended would otherwise record its fault after the
    /// decision, and the subscription would stand again.
    /// </summary>
    private async Task<StoppedSubscription?> Decide(string name, NpgsqlBatchCommand decision, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(
            new("select name from mt_event_progression where name = $1 for update") { Parameters = { new() { Value = name } } }
        );
        batch.BatchCommands.Add(decision);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new StoppedSubscription(name, reader.GetInt64(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2))
            : null;
    }

    private async Task<StoppedSubscription?> Find(string name, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select seq_id, reason, at from ea_subscription_faults where name = $1");
        command.Parameters.Add(new() { Value = name });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new StoppedSubscription(name, reader.GetInt64(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2))
            : null;
    }

    internal static NpgsqlBatchCommand Record(string name, UnhandledEventException fault) =>
        new(
            """
            insert into ea_subscription_faults (name, seq_id, reason) values ($1, $2, $3)
            on conflict on constraint pkey_ea_subscription_faults
            do update set seq_id = excluded.seq_id, reason = excluded.reason, at = excluded.at
            """
        )
        {
            Parameters =
            {
                new() { Value = name },
                new() { Value = fault.SeqId },
                new() { Value = ReadableText.Of(fault.Reason) },
            },
        };

    /// <summary>The subscription has got past it.</summary>
    internal static NpgsqlBatchCommand Forget(string name, long handled) =>
        new("delete from ea_subscription_faults where name = $1 and seq_id <= $2")
        {
            Parameters =
            {
                new() { Value = name },
                new() { Value = handled },
            },
        };
}

/// <param name="SeqId">The event at which it stopped.</param>
public sealed record StoppedSubscription(string Name, long SeqId, string Reason, DateTimeOffset At);
