using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>A row of <c>mt_events</c> as a subscription meets it, its body not yet decoded.</summary>
/// <param name="Json">Null: the subscription is not about events of this type.</param>
internal sealed record EventRow(
    long Seq,
    Guid Id,
    string StreamId,
    long Version,
    byte[]? Json,
    string Type,
    DateTimeOffset At,
    Guid? CorrelationId,
    Guid? CausationId
)
{
    /// <summary>The parameter $1 has the names of those whose bodies are not read.</summary>
    public const string Columns =
        "e.seq_id, e.id, e.stream_id, e.version, case when e.type <> all($1) then e.data end, e.type, e.timestamp, e.correlation_id, e.causation_id";

    /// <summary>Bytes of bodies that one page holds at most, about: events of the largest size must not fill the memory together.</summary>
    private const long MaxPageBytes = 32 * 1024 * 1024;

    /// <summary>Marten fills numbers it took in vain with rows of this type; they are nobody's events.</summary>
    public bool IsTombstone => Type == "tombstone";

    /// <summary>From the row on which the reader stands.</summary>
    /// <param name="first">The column of <c>seq_id</c>.</param>
    /// <returns>Whether the page was cut short because its bodies are large.</returns>
    public static async Task<bool> ReadPage(NpgsqlDataReader reader, int first, List<EventRow> rows, CancellationToken cancellation)
    {
        long bytes = 0;
        do
        {
            if (bytes > MaxPageBytes)
                return true;
            rows.Add(
                new EventRow(
                    reader.GetInt64(first),
                    reader.GetGuid(first + 1),
                    reader.GetString(first + 2),
                    reader.GetInt64(first + 3),
                    reader.IsDBNull(first + 4) ? null : reader.GetFieldValue<byte[]>(first + 4),
                    reader.GetString(first + 5),
                    reader.GetFieldValue<DateTimeOffset>(first + 6),
                    AsGuid(reader, first + 7),
                    AsGuid(reader, first + 8)
                )
            );
            bytes += rows[^1].Json?.Length ?? 0;
        } while (await reader.ReadAsync(cancellation));
        return false;
    }

    /// <exception cref="UnreadableEventException">The name is unknown, or the body of another shape.</exception>
    public RecordedEvent ToRecorded() => new(Seq, Id, StreamId, Version, EventJson.Read(Seq, Type, Json!), At, CorrelationId, CausationId);

    private static Guid? AsGuid(NpgsqlDataReader reader, int column) =>
        !reader.IsDBNull(column) && Guid.TryParse(reader.GetString(column), out var id) ? id : null;
}
