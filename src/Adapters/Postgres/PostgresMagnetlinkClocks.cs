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
}
