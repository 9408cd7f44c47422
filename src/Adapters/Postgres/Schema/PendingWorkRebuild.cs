using EventArchive.Projections;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>
/// Folds all events into the rows of <see cref="PendingWork"/>. A row whose cause is the same stays as it is, with its attempts, lease, fence
/// and due time; the others go, and what is missing begins afresh.
/// </summary>
internal sealed class PendingWorkRebuild(NpgsqlTransaction transaction)
{
    private const string RemoveOthers = """
        delete from ea_pending_work w
        where not exists (
            select from unnest($1, $2, $3) as due (community, effect, cause_version)
            where due.community = w.community and due.effect = w.effect and due.cause_version = w.cause_version
        )
        """;

    private const string AddMissing = """
        insert into ea_pending_work (community, effect, cause_version, cause_id, correlation_id, since, next_due)
        select community, effect, cause_version, cause_id, correlation_id, since, clock_timestamp()
        from unnest($1, $2, $3, $4, $5, $6) as due (community, effect, cause_version, cause_id, correlation_id, since)
        on conflict (community, effect) do nothing
        """;

    /// <exception cref="InvalidOperationException">An event cannot be read; with its <c>seq_id</c>.</exception>
    public async Task Run(CancellationToken cancellation)
    {
        // At most one for each community and effect.
        Dictionary<(string Community, Effect Effect), Cause> due = [];
        await foreach (var page in new EventCursor(transaction, "true", "e.seq_id").Pages(cancellation))
        foreach (var row in page.Where(row => !row.Skipped))
        {
            var data = row.Read();
            var (over, begun) = PendingWork.Apply(data);
            foreach (var effect in over)
                due.Remove((data.CommunityId.ToString(), effect));
            if (begun is { } next)
                due[(data.CommunityId.ToString(), next)] = new(row.Version, row.Id, row.CorrelationId, row.At.ToUniversalTime());
        }
        List<(NpgsqlDbType Type, object Values)> columns =
        [
            (NpgsqlDbType.Text, due.Select(row => row.Key.Community).ToArray()),
            (NpgsqlDbType.Text, due.Select(row => row.Key.Effect.ToString()).ToArray()),
            (NpgsqlDbType.Bigint, due.Select(row => row.Value.Version).ToArray()),
            (NpgsqlDbType.Uuid, due.Select(row => row.Value.Id).ToArray()),
            (NpgsqlDbType.Text, due.Select(row => row.Value.CorrelationId).ToArray()),
            (NpgsqlDbType.TimestampTz, due.Select(row => row.Value.At).ToArray()),
        ];
        await Write(RemoveOthers, columns.Take(3), cancellation);
        await Write(AddMissing, columns, cancellation);
    }

    private async Task Write(string sql, IEnumerable<(NpgsqlDbType Type, object Values)> columns, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction) { CommandTimeout = ConnectionSql.NoTimeout };
        foreach (var (type, values) in columns)
            command.Parameters.Add(new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private sealed record Cause(long Version, Guid Id, string? CorrelationId, DateTimeOffset At);
}
