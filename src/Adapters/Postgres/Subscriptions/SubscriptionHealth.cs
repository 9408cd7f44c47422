using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Where each subscription stands, on whichever node it runs, for health and metrics.</summary>
/// <param name="subscriptions">Those of this process, for the failure they wait out; none for a verb.</param>
public sealed class SubscriptionHealth(NpgsqlDataSource source, IEnumerable<Subscription> subscriptions)
{
    /// <summary>A subscription that has not moved for so long while events wait stands still, whatever the reason.</summary>
    public static readonly TimeSpan StandstillLimit = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Subscription> subscriptions = subscriptions.ToDictionary(one => one.Name, StringComparer.Ordinal);

    /// <summary>One entry for each name of <see cref="Subscriptions.Names"/>, in that order.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task<IReadOnlyList<SubscriptionStatus>> Read(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            select n.name, coalesce(p.last_seq_id, 0), case when p.last_seq_id > 0 then p.last_updated end,
                   (select coalesce(max(seq_id), 0) from mt_events),
                   f.seq_id, f.reason,
                   case when w.since < clock_timestamp() - $2 then w.since end
            from unnest($1) with ordinality n (name, place)
            left join mt_event_progression p on p.name = n.name
            left join ea_subscription_faults f on f.name = n.name
            left join lateral (
                select greatest(e.timestamp, p.last_updated) as since
                from mt_events e
                where e.seq_id > coalesce(p.last_seq_id, 0)
                order by e.seq_id
                limit 1
            ) w on true
            order by n.place
            """
        );
        command.Parameters.Add(new() { Value = Subscriptions.Names.ToArray() });
        command.Parameters.Add(new() { Value = StandstillLimit });
        List<SubscriptionStatus> found = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var name = reader.GetString(0);
            found.Add(
                new SubscriptionStatus(
                    name,
                    reader.GetInt64(1),
                    Moment(reader, 2),
                    reader.GetInt64(3),
                    reader.IsDBNull(4) ? null : Stopped(name, reader.GetInt64(4), reader.GetString(5)),
                    Moment(reader, 6),
                    subscriptions.GetValueOrDefault(name)?.LastError
                )
            );
        }
        return found;
    }

    private static string Stopped(string name, long seq, string reason) =>
        $"Event seq_id {seq} cannot be handled: {reason.TrimEnd('.')}. When it is mended: eventarchive projections retry {name}. "
        + $"To go on without it, on record: eventarchive projections skip {name} {seq} --reason TEXT.";

    private static DateTimeOffset? Moment(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
