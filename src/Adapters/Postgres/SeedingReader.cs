using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Projections;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>The projection Seeding with what the nodes said last beside it: who seeds what, to how many, how much, and when last.</summary>
/// <param name="node">Says when a node counts as away.</param>
public sealed class SeedingReader(NpgsqlDataSource source, IOptions<NodeOptions> node)
{
    public const int MaxRowsPerPage = 1000;

    private readonly TimeSpan awayAfter = node.Value.AwayAfter;

    public async Task<IReadOnlyList<LiveNode>> ListNodes(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            select n.name, n.roles, n.peer, n.started_at, n.seen_at,
                count(t.node) filter (where t.seeding), count(t.node) filter (where not t.seeding), coalesce(sum(t.uploaded_bytes), 0)::bigint,
                count(t.node) filter (where t.fault is not null), n.seen_at < clock_timestamp() - $1
            from ea_nodes n
            left join ea_node_torrents t on t.node = n.name
            group by n.name
            order by n.name
            """
        );
        command.Parameters.Add(new() { Value = awayAfter });
        List<LiveNode> nodes = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            nodes.Add(
                new(
                    reader.GetString(0),
                    reader.GetString(1).Split(", "),
                    reader.IsDBNull(2) ? null : reader.GetString(2),
                    reader.GetFieldValue<DateTimeOffset>(3),
                    reader.GetFieldValue<DateTimeOffset>(4),
                    reader.GetInt64(5),
                    reader.GetInt64(6),
                    reader.GetInt64(7),
                    reader.GetInt64(8),
                    reader.GetBoolean(9)
                )
            );
        return nodes;
    }

    /// <summary>At most <paramref name="limit"/> rows in the order of their keys: community, node, info-hash.</summary>
    /// <param name="community">Only this community's; null: all.</param>
    /// <param name="node">Only this node's; null: all.</param>
    /// <param name="after">Only rows behind this key; null: from the beginning.</param>
    /// <param name="limit">1 to <see cref="MaxRowsPerPage"/>.</param>
    public async Task<IReadOnlyList<LiveSeeding>> Page(
        CommunityId? community,
        string? node,
        string? after,
        int limit,
        CancellationToken cancellation
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxRowsPerPage);
        await using var command = source.CreateCommand(
            $$"""
            select r.key, r.community, r.node, r.info_hash, coalesce(r.info_hash = c.data #>> '{Torrent,InfoHash}', false),
                r.since, r.peer, t.seeding, t.done_bytes, t.total_bytes, t.peers, t.uploaded_bytes, t.last_active, n.seen_at, t.fault,
                coalesce(n.seen_at < clock_timestamp() - $5, true)
            from (
                select coalesce(s.key, t.community || '/' || t.node) || '/' || coalesce(s.info_hash, t.info_hash) collate "C" as key,
                    coalesce(s.community, t.community) as community, coalesce(s.node, t.node) as node,
                    coalesce(s.info_hash, t.info_hash) as info_hash, s.since, s.peer
                from (
                    select id as key, data ->> 'CommunityId' as community, data ->> 'Node' as node, data ->> 'InfoHash' as info_hash,
                        (data ->> 'Since')::timestamptz as since, data ->> 'Peer' as peer
                    from {{AllProjections.Seeding.Table}}
                    where data ->> 'Until' is null
                ) s
                full join ea_node_torrents t on s.key = t.community || '/' || t.node and s.info_hash = t.info_hash
            ) r
            left join ea_node_torrents t on t.community = r.community and t.node = r.node and t.info_hash = r.info_hash
            left join ea_nodes n on n.name = r.node
            left join {{AllProjections.Communities.Table}} c on c.id = 'community-' || r.community
            where ($1 is null or r.community = $1) and ($2 is null or r.node = $2) and r.key > $3
            order by r.key
            limit $4
            """
        );
        command.Parameters.Add(Text(community?.ToString()));
        command.Parameters.Add(Text(node));
        command.Parameters.Add(Text(after ?? ""));
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = awayAfter });
        List<LiveSeeding> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(Read(reader));
        return rows;
    }

    private static LiveSeeding Read(NpgsqlDataReader reader)
    {
        var (total, uploaded) = (Value<long>(9), Value<long>(11));
        return new(
            reader.GetString(0),
            CommunityId.Parse(reader.GetString(1)),
            reader.GetString(2),
            InfoHash.Parse(reader.GetString(3)),
            reader.GetBoolean(4),
            Value<DateTimeOffset>(5),
            reader.IsDBNull(6) ? null : PeerAddress.Parse(reader.GetString(6)),
            Value<bool>(7) ?? false,
            Value<long>(8),
            total,
            Value<int>(10),
            uploaded,
            total > 0 ? Math.Round((double)uploaded!.Value / total.Value, 3) : null,
            Value<DateTimeOffset>(12),
            Value<DateTimeOffset>(13),
            reader.IsDBNull(14) ? null : reader.GetString(14),
            reader.GetBoolean(15)
        );

        T? Value<T>(int column)
            where T : struct => reader.IsDBNull(column) ? null : reader.GetFieldValue<T>(column);
    }

    private static NpgsqlParameter Text(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}

/// <param name="Fetching">Torrents that it does not have whole.</param>
/// <param name="Failing">Those of them whose last try failed.</param>
/// <param name="Away">It has told nothing for longer than <see cref="NodeOptions.AwayAfter"/>: the numbers are those of before.</param>
public sealed record LiveNode(
    string Name,
    IReadOnlyList<string> Roles,
    string? Peer,
    DateTimeOffset StartedAt,
    DateTimeOffset SeenAt,
    long Seeding,
    long Fetching,
    long UploadedBytes,
    long Failing,
    bool Away
);

/// <summary>A torrent on a node. What is null was never told, or the node is gone.</summary>
/// <param name="Present">It is the community's present torrent.</param>
/// <param name="Since">When the node reported it as seeded; null: not yet.</param>
/// <param name="Seeding">It is served now, as the node said at <paramref name="SeenAt"/>.</param>
/// <param name="Ratio">Whole copies given away.</param>
/// <param name="LastActive">When payload last moved.</param>
/// <param name="Fault">Why the node does not have it yet.</param>
/// <param name="NodeAway">The node has told nothing for longer than <see cref="NodeOptions.AwayAfter"/>, or is retired.</param>
public sealed record LiveSeeding(
    string Key,
    CommunityId CommunityId,
    string Node,
    InfoHash InfoHash,
    bool Present,
    DateTimeOffset? Since,
    PeerAddress? Peer,
    bool Seeding,
    long? DoneBytes,
    long? TotalBytes,
    int? Peers,
    long? UploadedBytes,
    double? Ratio,
    DateTimeOffset? LastActive,
    DateTimeOffset? SeenAt,
    string? Fault,
    bool NodeAway
);
