using Marten;
using Npgsql;

namespace EventArchive.EventStore;

/// <summary>Events that someone decided to skip are in no state: where these alone lie behind it, the chain goes on from the last of them.</summary>
internal static class SkippedHead
{
    /// <returns>Null: an event between the state and the stream's end is not skipped.</returns>
    public static async Task<StreamHead?> Find(
        IQuerySession session,
        string streamId,
        long found,
        long version,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand(
            "select headers ->> 'hash', timestamp, is_skipped from mt_events where stream_id = $1 and version > $2 and version <= $3 order by version"
        );
        command.Parameters.Add(new() { Value = streamId });
        command.Parameters.Add(new() { Value = found });
        command.Parameters.Add(new() { Value = version });
        await using var reader = await session.ExecuteReaderAsync(command, cancellation);
        StreamHead? head = null;
        for (; await reader.ReadAsync(cancellation); found++)
        {
            if (!reader.GetBoolean(2))
                return null;
            head = new StreamHead(
                await reader.IsDBNullAsync(0, cancellation) ? null : reader.GetString(0),
                await reader.GetFieldValueAsync<DateTimeOffset>(1, cancellation)
            );
        }
        return found == version ? head : null;
    }
}
