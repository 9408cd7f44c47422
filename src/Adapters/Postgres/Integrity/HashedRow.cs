using System.Text.Json;
using EventArchive.Events;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>A row of <c>mt_events</c> with all that its hash covers.</summary>
/// <param name="Hash">What the row says, whatever it is.</param>
/// <param name="Previous">What the row says, whatever it is.</param>
/// <param name="Ours">It has no hash, and the inbox says that this service wrote it.</param>
internal sealed record HashedRow(
    long Seq,
    Guid Id,
    string StreamId,
    long Version,
    byte[] Data,
    string Type,
    string? CorrelationId,
    string? CausationId,
    string? Hash,
    string? Previous,
    bool Ours
)
{
    /// <summary>Of the table alias e. Only a row without a hash costs a look into the inbox.</summary>
    public const string Columns = """
        e.seq_id, e.id, e.version, e.data, e.type, e.correlation_id, e.causation_id, e.headers ->> 'hash', e.headers ->> 'previous',
        case
            when e.headers ->> 'hash' is not null then false
            when e.causation_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then exists (
                select from ea_inbox i where i.message_id = e.causation_id::uuid and e.id = any (i.event_ids)
            )
            else false
        end
        """;

    private byte[]? canonical;

    /// <param name="at">Of the first of <see cref="Columns"/>.</param>
    public static HashedRow Read(NpgsqlDataReader reader, string streamId, int at) =>
        new(
            reader.GetInt64(at),
            reader.GetGuid(at + 1),
            streamId,
            reader.GetInt64(at + 2),
            reader.GetFieldValue<byte[]>(at + 3),
            reader.GetString(at + 4),
            TextOrNull(reader, at + 5),
            TextOrNull(reader, at + 6),
            TextOrNull(reader, at + 7),
            TextOrNull(reader, at + 8),
            reader.GetBoolean(at + 9)
        );

    /// <exception cref="JsonException">The data has no canonical form. What this service writes has one.</exception>
    public EventHash HashBehind(EventHash? previous) => HashAt(Version, previous);

    /// <exception cref="JsonException">The data has no canonical form.</exception>
    public EventHash HashAt(long version, EventHash? previous) =>
        EventHash.Of(StreamId, version, Type, Id, canonical ??= CanonicalJson.Of(Data), CorrelationId, CausationId, previous);

    private static string? TextOrNull(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetString(at);
}
