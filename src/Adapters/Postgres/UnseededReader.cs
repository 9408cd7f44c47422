using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Projections;
using Microsoft.Extensions.Options;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Looks for torrents that no seeder has confirmed yet, and for those that nobody serves now.</summary>
/// <param name="node">Says when a node counts as away.</param>
public sealed class UnseededReader(NpgsqlDataSource source, IOptions<NodeOptions> node)
{
    public async Task<UnseededTorrents> Read(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            $$"""
            with live as (select name, string_to_array(roles, ', ') && array['Seeder', 'All'] as seeder from ea_nodes where seen_at >= clock_timestamp() - $1),
            -- One that a seeder is fetching is on its way.
            awaiting as (
                select w.community, w.since
                from ea_pending_work w
                where w.effect = 'Seed' and not exists (
                    select
                    from ea_node_torrents t join live l on l.name = t.node
                    where t.community = w.community and l.seeder and not t.seeding and t.fault is null and t.total_bytes > 0
                )
            ),
            unserved as (
                select c.community
                from (
                    select data ->> 'CommunityId' as community, data #>> '{Torrent,InfoHash}' as info_hash
                    from {{AllProjections.Communities.Table}}
                ) c
                where c.info_hash is not null and not exists (
                    select
                    from ea_node_torrents t join live l on l.name = t.node
                    where t.community = c.community and t.info_hash = c.info_hash and (t.seeding or t.fault is null)
                )
            )
            select (select count(*) from awaiting), (select community from awaiting order by since limit 1),
                (select clock_timestamp() - min(since) from awaiting), (select count(*) from unserved),
                (select min(community) from unserved), array(select name from live where seeder order by name)
            """
        );
        command.Parameters.Add(new() { Value = node.Value.AwayAfter });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new(
            reader.GetInt64(0),
            reader.IsDBNull(1) ? null : CommunityId.Parse(reader.GetString(1)),
            reader.IsDBNull(2) ? TimeSpan.Zero : reader.GetTimeSpan(2),
            reader.GetInt64(3),
            reader.IsDBNull(4) ? null : CommunityId.Parse(reader.GetString(4)),
            reader.GetFieldValue<string[]>(5)
        );
    }
}

/// <param name="Awaiting">Torrents that wait for their first seeder; nothing announces them before.</param>
/// <param name="LongestAwaiting">The community of the one that has waited for <paramref name="LongestWait"/>.</param>
/// <param name="Unserved">Present torrents that no live node serves or fetches.</param>
/// <param name="OneUnserved">The community of one of them.</param>
/// <param name="LiveSeeders">The nodes with the role Seeder that are not away.</param>
public sealed record UnseededTorrents(
    long Awaiting,
    CommunityId? LongestAwaiting,
    TimeSpan LongestWait,
    long Unserved,
    CommunityId? OneUnserved,
    IReadOnlyList<string> LiveSeeders
);
