using EventArchive.Handlers;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>The folded states in <c>ea_community_states</c>.</summary>
public sealed class PostgresCommunityStates(NpgsqlDataSource source) : ICommunityStates
{
    /// <summary>Saving spares others work; nobody waits long for it.</summary>
    private const int SaveTimeoutSeconds = 2;

    public async Task<CommunityState?> Find(string streamId, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select version, fold, state from ea_community_states where stream_id = $1");
        command.Parameters.Add(new() { Value = streamId });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new CommunityState(streamId, reader.GetInt64(0), reader.GetString(1), reader.GetString(2))
            : null;
    }

    public async Task Save(CommunityState state, CommunityState? inPlaceOf, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            insert into ea_community_states as s (stream_id, version, fold, state, saved_at)
            values ($1, $2, $3, $4, clock_timestamp())
            on conflict (stream_id) do update
            set version = excluded.version, fold = excluded.fold, state = excluded.state, saved_at = excluded.saved_at
            where s.version < excluded.version or (s.version = $5 and s.fold = $6)
            """
        );
        command.CommandTimeout = SaveTimeoutSeconds;
        command.Parameters.Add(new() { Value = state.StreamId });
        command.Parameters.Add(new() { Value = state.Version });
        command.Parameters.Add(new() { Value = state.Fold });
        command.Parameters.Add(new() { Value = state.Json, NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = (object?)inPlaceOf?.Version ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = (object?)inPlaceOf?.Fold ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
