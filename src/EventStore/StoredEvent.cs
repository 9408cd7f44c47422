using EventArchive.Events;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.EventStore;

/// <summary>A row of <c>mt_events</c>, its body not yet read.</summary>
/// <param name="Actor">Who asked for it; null: it was stored before that was kept.</param>
/// <param name="Skipped">Someone decided that no reader folds it.</param>
public sealed record StoredEvent(
    long Seq,
    Guid Id,
    string StreamId,
    long Version,
    byte[] Json,
    string Type,
    DateTimeOffset At,
    string? CorrelationId,
    string? CausationId,
    string? Hash,
    string? Actor,
    bool Skipped
)
{
    internal const string Columns =
        "seq_id, id, stream_id, version, data, type, timestamp, correlation_id, causation_id, headers ->> 'hash', headers ->> 'actor', coalesce(is_skipped, false)";

    /// <summary>Marten fills numbers it took in vain with rows of this type; they are nobody's events.</summary>
    internal const string NoTombstone = "type <> 'tombstone'";

    /// <summary>The rows of the command, or as many as make up <paramref name="maxBytes"/>.</summary>
    internal static async Task<List<StoredEvent>> Read(NpgsqlCommand command, long maxBytes, CancellationToken cancellation)
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
                reader.IsDBNull(9) ? null : reader.GetString(9),
                reader.IsDBNull(10) ? null : reader.GetString(10),
                reader.GetBoolean(11)
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
