using EventArchive.Events;
using EventArchive.EventStore;
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
    byte[] Json,
    string Type,
    DateTimeOffset At,
    string? CorrelationId,
    string? CausationId,
    string? Hash
)
{
    public const string Columns =
        "seq_id, id, stream_id, version, data, type, timestamp, correlation_id, causation_id, " + EventHeaders.HashColumn;

    /// <summary>Marten fills numbers it took in vain with rows of this type; they are nobody's events.</summary>
    public const string NoTombstone = "type <> 'tombstone'";

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

    public static Task<List<StoredEvent>> Read(NpgsqlCommand command, CancellationToken cancellation) =>
        Read(command, long.MaxValue, cancellation);

    /// <summary>The rows of the command, or as many as make up <paramref name="maxBytes"/>.</summary>
    public static async Task<List<StoredEvent>> Read(NpgsqlCommand command, long maxBytes, CancellationToken cancellation)
    {
        List<StoredEvent> rows = [];
        long bytes = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (bytes < maxBytes && await reader.ReadAsync(cancellation))
        {
            var row = new StoredEvent(
                reader.GetInt64(0),
                reader.GetGuid(1),
                reader.GetString(2),
                reader.GetInt64(3),
                reader.GetFieldValue<byte[]>(4),
                reader.GetString(5),
                reader.GetFieldValue<DateTimeOffset>(6),
                reader.IsDBNull(7) ? null : reader.GetString(7),
                reader.IsDBNull(8) ? null : reader.GetString(8),
                reader.IsDBNull(9) ? null : reader.GetString(9)
            );
            rows.Add(row);
            bytes += row.Json.Length;
        }
        if (bytes >= maxBytes)
            command.Cancel();
        return rows;
    }

    /// <exception cref="UnreadableEventException">The name is unknown, or the body of another shape.</exception>
    public RecordedEvent ToRecorded() =>
        new(
            Seq,
            Id,
            StreamId,
            Version,
            EventJson.Read(Seq, Type, Json),
            At,
            AsGuid(CorrelationId),
            AsGuid(CausationId),
            Hash is null ? null : EventHash.Parse(Hash)
        );

    private static Guid? AsGuid(string? text) => Guid.TryParse(text, out var id) ? id : null;
}
