using EventArchive.Model;
using EventArchive.Projections;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Reads the projection <see cref="MagnetlinkClocks"/>. It follows the store with a small delay.</summary>
public sealed class PostgresMagnetlinkClocks(NpgsqlDataSource source)
{
    /// <summary>Null: the community is unknown here, or its first event is not yet projected.</summary>
    public async Task<MagnetlinkClocks?> Find(CommunityId community, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await MagnetlinkClocksTable.Find(community, connection, cancellation);
    }

    /// <summary>Every community in this service's care.</summary>
    public async Task<IReadOnlyList<CommunityId>> ListCommunities(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select community from ea_magnetlink_clocks order by community");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<CommunityId> communities = [];
        while (await reader.ReadAsync(cancellation))
            communities.Add(CommunityId.Parse(reader.GetString(0)));
        return communities;
    }
}
