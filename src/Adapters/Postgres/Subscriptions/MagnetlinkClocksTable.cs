using EventArchive.Model;
using EventArchive.Projections;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

internal static class MagnetlinkClocksTable
{
    public static async Task<MagnetlinkClocks?> Find(CommunityId community, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select published, published_magnetlink, received, received_magnetlink from ea_magnetlink_clocks where community = $1",
            connection
        )
        {
            Parameters = { new() { Value = community.ToString() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new MagnetlinkClocks(community, Clock(reader, 0), Magnet(reader, 1), Clock(reader, 2), Magnet(reader, 3))
            : null;
    }

    public static async Task Save(MagnetlinkClocks row, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into ea_magnetlink_clocks (community, published, published_magnetlink, received, received_magnetlink)
            values ($1, $2, $3, $4, $5)
            on conflict (community) do update set
                published = excluded.published,
                published_magnetlink = excluded.published_magnetlink,
                received = excluded.received,
                received_magnetlink = excluded.received_magnetlink
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = row.CommunityId.ToString() },
                Number(row.Published),
                Text(row.PublishedMagnetlink),
                Number(row.Received),
                Text(row.ReceivedMagnetlink),
            },
        };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static Clock? Clock(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : new Clock((ulong)reader.GetDecimal(column));

    private static Magnetlink? Magnet(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : Magnetlink.Parse(reader.GetString(column));

    private static NpgsqlParameter Number(Clock? clock) =>
        new() { Value = clock is { } c ? (decimal)c.Milliseconds : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Numeric };

    private static NpgsqlParameter Text(Magnetlink? magnet) =>
        new() { Value = (object?)magnet?.ToString() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
