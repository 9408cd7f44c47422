using EventArchive.Handlers;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>A row of <c>mt_events</c>, its body not yet read.</summary>
internal sealed record StoredEvent(
    long Seq,
    Guid Id,
    string StreamId,
    long Version,
    string Json,
    string Type,
    DateTimeOffset At,
    string? CorrelationId,
    string? CausationId
)
{
    private const string Columns = "seq_id, id, stream_id, version, data, type, timestamp, correlation_id, causation_id";

    /// <summary>Marten fills numbers it took in vain with rows of this type; they are nobody's events.</summary>
    private const string NoTombstone = "type <> 'tombstone'";

    public static NpgsqlCommand SelectStream(string streamId, long afterVersion) =>
        new($"select {Columns} from mt_events where stream_id = $1 and version > $2 and {NoTombstone} order by version")
        {
            Parameters =
            {
                new() { Value = streamId },
                new() { Value = afterVersion },
            },
        };

    public static NpgsqlCommand SelectAll(long afterSeq, int limit) =>
        new($"select {Columns} from mt_events where seq_id > $1 and {NoTombstone} order by seq_id limit $2")
        {
            Parameters =
            {
                new() { Value = afterSeq },
                new() { Value = limit, NpgsqlDbType = NpgsqlDbType.Integer },
            },
        };

    public static async Task<List<StoredEvent>> Read(NpgsqlCommand command, CancellationToken cancellation)
    {
        List<StoredEvent> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(
                new StoredEvent(
                    reader.GetInt64(0),
                    reader.GetGuid(1),
                    reader.GetString(2),
                    reader.GetInt64(3),
                    reader.GetString(4),
                    reader.GetString(5),
                    reader.GetFieldValue<DateTimeOffset>(6),
                    reader.IsDBNull(7) ? null : reader.GetString(7),
                    reader.IsDBNull(8) ? null : reader.GetString(8)
                )
            );
        return rows;
    }

    /// <exception cref="UnreadableEventException">The name is unknown, or the body of another shape.</exception>
    public RecordedEvent ToRecorded() =>
        new(Seq, Id, StreamId, Version, EventJson.Read(Seq, Type, Json), At, AsGuid(CorrelationId), AsGuid(CausationId));

    private static Guid? AsGuid(string? text) => Guid.TryParse(text, out var id) ? id : null;
}
