using EventArchive.Handlers;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>The rows of <c>ea_channel_keys</c>.</summary>
public sealed class PostgresChannelKeys(NpgsqlDataSource source) : IChannelKeys
{
    public async Task<IReadOnlyDictionary<string, byte[]>> Find(IReadOnlyCollection<string> chatIds, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select chat_id, key from ea_channel_keys where chat_id = any($1)");
        command.Parameters.Add(new() { Value = chatIds.ToArray() });
        Dictionary<string, byte[]> found = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(reader.GetString(0), reader.GetFieldValue<byte[]>(1));
        return found;
    }

    public async Task Keep(IReadOnlyDictionary<string, byte[]> keys, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            "insert into ea_channel_keys (chat_id, key) select * from unnest($1, $2) on conflict do nothing"
        );
        command.Parameters.Add(new() { Value = keys.Keys.ToArray() });
        command.Parameters.Add(new() { Value = keys.Values.ToArray() });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
