using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Where each subscription stands, for health and metrics.</summary>
public sealed class SubscriptionHealth(NpgsqlDataSource source, IEnumerable<Subscription> subscriptions)
{
    private readonly IReadOnlyList<Subscription> subscriptions = [.. subscriptions];

    /// <summary>One entry for each subscription of this process.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task<IReadOnlyList<SubscriptionStatus>> Read(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            select n.name, coalesce(p.last_seq_id, 0), case when p.last_seq_id > 0 then p.last_updated end,
                   (select coalesce(max(seq_id), 0) from mt_events)
            from unnest($1) with ordinality n (name, place)
            left join mt_event_progression p on p.name = n.name
            order by n.place
            """
        );
        command.Parameters.Add(new() { Value = subscriptions.Select(subscription => subscription.Name).ToArray() });
        List<SubscriptionStatus> found = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var subscription = subscriptions[found.Count];
            found.Add(
                new SubscriptionStatus(
                    subscription.Name,
                    reader.GetInt64(1),
                    reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2),
                    reader.GetInt64(3),
                    subscription.StoppedReason,
                    subscription.LastError
                )
            );
        }
        return found;
    }
}
