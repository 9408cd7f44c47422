using EventArchive.Projections;
using Npgsql;

namespace EventArchive.EventStore;

/// <summary>Where the projections and the publisher stand, on whichever node they run: from Marten's progression rows.</summary>
/// <param name="publisher">Of this process; null for a verb.</param>
public sealed class ProjectionHealth(NpgsqlDataSource source, EventPublisher? publisher = null)
{
    /// <summary>What has not moved for so long while events wait stands still, whatever the reason.</summary>
    public static readonly TimeSpan StandstillLimit = TimeSpan.FromSeconds(30);

    /// <summary>Every async projection, and the publisher.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [.. AllProjections.List.Select(projection => projection.Name), EventPublisher.Name];

    private static readonly string[] Shards = [.. AllProjections.List.Select(projection => projection.Shard), $"{EventPublisher.Name}:All"];

    /// <summary>The name as it is written, whatever the case of what was typed.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static string Find(string name) =>
        Names.FirstOrDefault(one => string.Equals(one, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no projection {name}. There are: {string.Join(", ", Names)}.");

    /// <summary>One entry for each of <see cref="Names"/>, in that order.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async Task<IReadOnlyList<ProjectionStatus>> Read(CancellationToken cancellation)
    {
        // A failure that the position has passed is over.
        await using var command = source.CreateCommand(
            """
            select n.name, coalesce(p.last_seq_id, 0), case when p.last_seq_id > 0 then p.last_updated end,
                   (select coalesce(max(seq_id), 0) from mt_events),
                   f.seq_id, f.reason,
                   case when w.since < clock_timestamp() - $3 then w.since end
            from unnest($1, $2) with ordinality n (name, shard, place)
            left join mt_event_progression p on p.name = n.shard
            left join ea_projection_failures f on f.name = n.name and f.seq_id > coalesce(p.last_seq_id, 0)
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
        command.Parameters.Add(new() { Value = Names.ToArray() });
        command.Parameters.Add(new() { Value = Shards });
        command.Parameters.Add(new() { Value = StandstillLimit });
        List<ProjectionStatus> found = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var name = reader.GetString(0);
            found.Add(
                new ProjectionStatus(
                    name,
                    reader.GetInt64(1),
                    Moment(reader, 2),
                    reader.GetInt64(3),
                    reader.IsDBNull(4) ? null : Stopped(reader.GetInt64(4), reader.GetString(5)),
                    Moment(reader, 6),
                    name == EventPublisher.Name ? publisher?.LastError : null
                )
            );
        }
        return found;
    }

    private static string Stopped(long seq, string reason) =>
        $"Event seq_id {seq} cannot be handled: {reason.TrimEnd('.')}. It is tried again every few seconds. "
        + $"To go on without it, on record: eventarchive projections skip {seq} --reason TEXT.";

    private static DateTimeOffset? Moment(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
