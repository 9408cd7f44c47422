using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Projections;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>
/// What each node serves, in <c>ea_nodes</c> and <c>ea_node_torrents</c>: each node writes its own rows alone, every few seconds, and only those
/// that changed. They are numbers of now, no events: who began to seed what, and when, is the projection Seeding.
/// </summary>
public sealed class NodeTorrents(NpgsqlDataSource source)
{
    /// <summary>A node starts: whatever an earlier process of its name said is over.</summary>
    public async Task Begin(string node, NodeRoles roles, PeerAddress? peer, CancellationToken cancellation)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new("delete from ea_nodes where name = $1") { Parameters = { new() { Value = node } } });
        batch.BatchCommands.Add(
            new("insert into ea_nodes (name, roles, peer, started_at, seen_at) values ($1, $2, $3, clock_timestamp(), clock_timestamp())")
            {
                Parameters =
                {
                    new() { Value = node },
                    new() { Value = roles.ToString() },
                    new() { Value = (object?)peer?.ToString() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                },
            }
        );
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The node is alive; these torrents changed, and these are no longer there.</summary>
    /// <returns>False: the node's row is gone, and it has to begin again.</returns>
    public async Task<bool> Tell(
        string node,
        IReadOnlyCollection<NodeTorrent> changed,
        IReadOnlyCollection<(CommunityId Community, InfoHash InfoHash)> gone,
        CancellationToken cancellation
    )
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (
            var seen = new NpgsqlCommand("update ea_nodes set seen_at = clock_timestamp() where name = $1", connection, transaction)
        )
        {
            seen.Parameters.Add(new() { Value = node });
            if (await seen.ExecuteNonQueryAsync(cancellation) == 0)
                return false;
        }
        await using var batch = new NpgsqlBatch(connection, transaction);
        if (gone.Count > 0)
            batch.BatchCommands.Add(Remove(node, gone));
        if (changed.Count > 0)
            batch.BatchCommands.Add(Save(node, changed));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>The nodes that have told nothing for so long.</summary>
    public async Task<IReadOnlyList<string>> ListSilent(TimeSpan since, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select name from ea_nodes where seen_at < clock_timestamp() - $1 order by name");
        command.Parameters.Add(new() { Value = since });
        List<string> silent = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            silent.Add(reader.GetString(0));
        return silent;
    }

    /// <summary>Removes the rows of a node that has told nothing for so long. What it seeded stays in the events.</summary>
    /// <returns>False: it has told something meanwhile, or there is no such node.</returns>
    public async Task<bool> Forget(string node, TimeSpan since, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("delete from ea_nodes where name = $1 and seen_at < clock_timestamp() - $2");
        command.Parameters.Add(new() { Value = node });
        command.Parameters.Add(new() { Value = since });
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    /// <summary>Every community's present torrent, as the projections tell it, and whether this node has said that it serves it at this address.</summary>
    /// <param name="away">A node that has told nothing for so long does not count among those that serve it.</param>
    public async Task<IReadOnlyList<WantedTorrent>> ListWanted(
        string node,
        PeerAddress? peer,
        TimeSpan away,
        CancellationToken cancellation
    )
    {
        await using var command = source.CreateCommand(
            $$"""
            select c.community, c.info_hash,
                coalesce(
                    s.data ->> 'InfoHash' = c.info_hash and s.data ->> 'Peer' is not distinct from $2 and s.data ->> 'Until' is null,
                    false
                ),
                (
                    select count(*)
                    from ea_node_torrents t join ea_nodes n on n.name = t.node
                    where t.community = c.community and t.info_hash = c.info_hash and t.seeding
                        and t.node <> $1 and n.seen_at >= clock_timestamp() - $3
                )
            from (
                select data ->> 'CommunityId' as community, data #>> '{Torrent,InfoHash}' as info_hash
                from {{AllProjections.Communities.Table}}
            ) c
            left join {{AllProjections.Seeding.Table}} s on s.id = c.community || '/' || $1
            where c.info_hash is not null
            """
        );
        command.Parameters.Add(new() { Value = node });
        command.Parameters.Add(new() { Value = (object?)peer?.ToString() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = away });
        List<WantedTorrent> wanted = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            wanted.Add(
                new(
                    CommunityId.Parse(reader.GetString(0)),
                    InfoHash.Parse(reader.GetString(1)),
                    reader.GetBoolean(2),
                    (int)reader.GetInt64(3)
                )
            );
        return wanted;
    }

    /// <summary>The torrents that other nodes have reported, at an address where they are reached.</summary>
    public async Task<IReadOnlySet<(CommunityId Community, InfoHash InfoHash)>> ListTaken(string node, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            $"""
            select data ->> 'CommunityId', data ->> 'InfoHash'
            from {AllProjections.Seeding.Table}
            where data ->> 'Node' <> $1 and data ->> 'Peer' is not null and data ->> 'Until' is null
            """
        );
        command.Parameters.Add(new() { Value = node });
        HashSet<(CommunityId, InfoHash)> taken = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            taken.Add((CommunityId.Parse(reader.GetString(0)), InfoHash.Parse(reader.GetString(1))));
        return taken;
    }

    private static NpgsqlBatchCommand Remove(string node, IReadOnlyCollection<(CommunityId Community, InfoHash InfoHash)> gone) =>
        new("delete from ea_node_torrents where node = $1 and (community, info_hash) in (select * from unnest($2::text[], $3::text[]))")
        {
            Parameters =
            {
                new() { Value = node },
                new() { Value = gone.Select(one => one.Community.ToString()).ToArray() },
                new() { Value = gone.Select(one => one.InfoHash.ToString()).ToArray() },
            },
        };

    private static NpgsqlBatchCommand Save(string node, IReadOnlyCollection<NodeTorrent> changed)
    {
        return new(
            """
            insert into ea_node_torrents as t
                (node, community, info_hash, seeding, done_bytes, total_bytes, peers, uploaded_bytes, last_active, fault)
            select $1, * from unnest($2, $3, $4, $5, $6, $7, $8, $9, $10)
            on conflict (community, node, info_hash) do update set
                seeding = excluded.seeding, done_bytes = excluded.done_bytes, total_bytes = excluded.total_bytes, peers = excluded.peers,
                uploaded_bytes = excluded.uploaded_bytes, last_active = excluded.last_active, fault = excluded.fault
            """
        )
        {
            Parameters =
            {
                new() { Value = node },
                Column(NpgsqlDbType.Text, one => one.CommunityId.ToString()),
                Column(NpgsqlDbType.Text, one => one.InfoHash.ToString()),
                Column(NpgsqlDbType.Boolean, one => one.Seeding),
                Column(NpgsqlDbType.Bigint, one => one.DoneBytes),
                Column(NpgsqlDbType.Bigint, one => one.TotalBytes),
                Column(NpgsqlDbType.Integer, one => one.Peers),
                Column(NpgsqlDbType.Bigint, one => one.UploadedBytes),
                Column<DateTimeOffset?>(NpgsqlDbType.TimestampTz, one => one.LastActive?.ToUniversalTime()),
                Column(NpgsqlDbType.Text, one => one.Fault is { } fault ? ReadableText.Of(fault) : null),
            },
        };

        NpgsqlParameter Column<T>(NpgsqlDbType type, Func<NodeTorrent, T> value) =>
            new() { Value = changed.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}

/// <summary>A torrent on a node as it is now.</summary>
/// <param name="DoneBytes">Of verified pieces.</param>
/// <param name="UploadedBytes">Since the node has had the torrent.</param>
/// <param name="LastActive">When payload last moved; null: not since the node's start.</param>
/// <param name="Fault">Why the node does not have it yet; null: nothing failed.</param>
public sealed record NodeTorrent(
    CommunityId CommunityId,
    InfoHash InfoHash,
    bool Seeding,
    long DoneBytes,
    long TotalBytes,
    int Peers,
    long UploadedBytes,
    DateTimeOffset? LastActive,
    string? Fault
);

/// <param name="Confirmed">The node has reported that it serves it, where it is reached now.</param>
/// <param name="Others">Live nodes besides it that serve the torrent now.</param>
public sealed record WantedTorrent(CommunityId CommunityId, InfoHash InfoHash, bool Confirmed, int Others);
