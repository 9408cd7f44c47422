using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Projections;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>
/// The rows of <c>ea_pending_work</c>, taken with a lease. All times are the database's, so nodes need not agree on theirs. A holder is
/// known by the row's cause and fence: after either has changed it can do nothing to the row.
/// </summary>
public sealed class PostgresPendingWork(NpgsqlDataSource source) : IPendingWork
{
    /// <summary>
    /// What failed lets newer work pass for so long with each try: of many that nobody can give, each would cost its time-outs again and again
    /// before what is new. Longer than any wait between two tries, and not for ever.
    /// </summary>
    private static readonly TimeSpan BehindPerTry = TimeSpan.FromMinutes(10);

    /// <summary>A control node downloads because an operator sent RestoreArchive: that passes what came of itself, though not for ever either.</summary>
    private static readonly TimeSpan AheadWhenAskedFor = TimeSpan.FromDays(1);

    /// <summary>How long reserved work may lie untaken before health names it: a restart is no fault.</summary>
    private static readonly TimeSpan ReservedLimit = TimeSpan.FromMinutes(5);

    private const string Holder = "community = $1 and effect = $2 and cause_id = $3 and fence = $4 and lease_node is not null";

    /// <summary>Stands among the awaited keys for the community's private key; the others are ids of hash ratchet keys.</summary>
    private const string CommunityKey = "community";

    public async Task<PendingWork?> Take(Effect effect, string node, TimeSpan lease, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            update ea_pending_work w
            set attempts = w.attempts + 1, fence = w.fence + 1, lease_node = $2, lease_until = now() + $3, awaited_keys = null
            from (
                select community, effect
                from ea_pending_work
                where effect = $1 and parked_reason is null and next_due <= now() and (lease_until is null or lease_until <= now())
                    and (awaited_keys is null or exists (
                        select from ea_ratchet_keys k
                        where k.community = ea_pending_work.community and k.key_id = any(ea_pending_work.awaited_keys)
                    ) or ($6 = any(awaited_keys) and exists (
                        select from ea_community_keys k where k.community = ea_pending_work.community
                    )))
                    and (reserved_for is null or $2 = any(reserved_for))
                order by next_due + least(attempts, 20) * $4 - case when effect = 'Download' and exists (
                        select from mt_doc_community c
                        where c.id = 'community-' || ea_pending_work.community and (c.data #>> '{State,ControlNode}')::boolean
                    ) then $5 else interval '0' end, since
                limit 1
                for update skip locked
            ) due
            where w.community = due.community and w.effect = due.effect
            returning w.community, w.cause_id, w.since, w.attempts, w.fence, w.correlation_id
            """
        );
        command.Parameters.Add(new() { Value = effect.ToString() });
        command.Parameters.Add(new() { Value = node });
        command.Parameters.Add(Interval(lease));
        command.Parameters.Add(Interval(BehindPerTry));
        command.Parameters.Add(Interval(AheadWhenAskedFor));
        command.Parameters.Add(new() { Value = CommunityKey });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new PendingWork(
                CommunityId.Parse(reader.GetString(0)),
                effect,
                reader.GetGuid(1),
                reader.GetFieldValue<DateTimeOffset>(2),
                reader.GetInt32(3),
                reader.GetInt64(4),
                reader.IsDBNull(5) || !Guid.TryParse(reader.GetString(5), out var correlation) ? null : correlation
            )
            : null;
    }

    public async Task<bool> Renew(PendingWork work, TimeSpan lease, CancellationToken cancellation) =>
        await Change(work, "lease_until = now() + $5", cancellation, Interval(lease)) == 1;

    public Task Release(PendingWork work, TimeSpan delay, string? error, CancellationToken cancellation) =>
        Change(
            work,
            "lease_node = null, lease_until = null, next_due = now() + $5, last_error = $6",
            cancellation,
            Interval(delay),
            Text(error)
        );

    public Task Postpone(PendingWork work, TimeSpan delay, string reason, CancellationToken cancellation) =>
        Change(
            work,
            "lease_node = null, lease_until = null, attempts = greatest(attempts - 1, 0), next_due = now() + $5, last_error = $6",
            cancellation,
            Interval(delay),
            Text(reason)
        );

    public Task AwaitKey(PendingWork work, IReadOnlyList<RatchetKeyId> keys, string reason, CancellationToken cancellation) =>
        Change(
            work,
            "lease_node = null, lease_until = null, attempts = greatest(attempts - 1, 0), next_due = now(), awaited_keys = $5, last_error = $6",
            cancellation,
            new NpgsqlParameter { Value = keys.Select(key => key.ToString()).ToArray() },
            Text(reason)
        );

    public Task AwaitCommunityKey(PendingWork work, TimeSpan delay, string reason, CancellationToken cancellation) =>
        Change(
            work,
            "lease_node = null, lease_until = null, attempts = greatest(attempts - 1, 0), next_due = now() + $5, awaited_keys = array[$6], last_error = $7",
            cancellation,
            Interval(delay),
            Text(CommunityKey),
            Text(reason)
        );

    public async Task Reserve(PendingWork work, IReadOnlyCollection<string> nodes, CancellationToken cancellation)
    {
        await Change(
            work,
            "lease_node = null, lease_until = null, attempts = greatest(attempts - 1, 0), next_due = now(), reserved_for = $5",
            cancellation,
            new NpgsqlParameter { Value = nodes.ToArray() }
        );
        await using var notify = source.CreateCommand($"select pg_notify('{CommitNotifier.WorkChannel}', '{work.Effect}')");
        await notify.ExecuteNonQueryAsync(cancellation);
    }

    public Task Park(PendingWork work, string reason, CancellationToken cancellation) =>
        Change(work, "lease_node = null, lease_until = null, parked_reason = $5", cancellation, Text(reason));

    public async Task ReleaseAll(string node, CancellationToken cancellation)
    {
        // The fence rises too: should the killed process only have been paused, it holds nothing any more.
        await using var command = source.CreateCommand(
            "update ea_pending_work set lease_node = null, lease_until = null, fence = fence + 1 where lease_node = $1"
        );
        command.Parameters.Add(new() { Value = node });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<IReadOnlyList<ParkedWork>> ListParked(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            select community, effect, attempts, coalesce(
                parked_reason,
                case
                    when awaited_keys is not null then last_error
                    else 'only ' || array_to_string(reserved_for, ' or ') || ' holds the files that it needs, and has not taken it since '
                        || to_char(next_due at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SSZ')
                        || '. Start that node, with a role that does this.'
                end,
                ''
            ), parked_reason is null and awaited_keys is not null
            from ea_pending_work
            where parked_reason is not null
                or awaited_keys is not null
                or (reserved_for is not null and next_due < now() - $1 and (lease_until is null or lease_until < now()))
            order by since
            """
        );
        command.Parameters.Add(Interval(ReservedLimit));
        List<ParkedWork> parked = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            parked.Add(
                new ParkedWork(
                    CommunityId.Parse(reader.GetString(0)),
                    Enum.Parse<Effect>(reader.GetString(1)),
                    reader.GetInt32(2),
                    reader.GetString(3),
                    reader.GetBoolean(4)
                )
            );
        return parked;
    }

    private async Task<int> Change(PendingWork work, string set, CancellationToken cancellation, params NpgsqlParameter[] values)
    {
        await using var command = source.CreateCommand($"update ea_pending_work set {set} where {Holder}");
        command.Parameters.Add(new() { Value = work.CommunityId.ToString() });
        command.Parameters.Add(new() { Value = work.Effect.ToString() });
        command.Parameters.Add(new() { Value = work.CauseId });
        command.Parameters.Add(new() { Value = work.Fence });
        command.Parameters.AddRange(values);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter Interval(TimeSpan span) => new() { Value = span, NpgsqlDbType = NpgsqlDbType.Interval };

    /// <summary>An error's text may quote anything; what Postgres cannot keep is replaced, for it is read by people only.</summary>
    private static NpgsqlParameter Text(string? text) =>
        new() { Value = text is null ? DBNull.Value : ReadableText.Of(text), NpgsqlDbType = NpgsqlDbType.Text };
}
