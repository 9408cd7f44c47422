using System.Text.Json;
using EventArchive.Events;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>A row of <c>mt_events</c> with all that its hash covers.</summary>
/// <param name="Hash">What the row says, whatever it is.</param>
/// <param name="Previous">What the row says, whatever it is.</param>
/// <param name="Ours">It has no hash, and an outcome says that this service wrote it.</param>
/// <param name="Time">Null when it is outside of the years 1 to 9999.</param>
/// <param name="Form">The header form as JSON, at most 40 characters of it; null when there is none, as in form 1.</param>
/// <param name="Headers">Of form 2 only: all but the hash, as JSON.</param>
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
    bool Ours,
    DateTimeOffset? Time,
    string? Form,
    byte[]? Headers
)
{
    /// <summary>Of the table alias e. Only a row without a hash costs a look at the outcomes.</summary>
    public const string Columns = """
        e.seq_id, e.id, e.version, e.data, e.type, e.correlation_id, e.causation_id, e.headers ->> 'hash', e.headers ->> 'previous',
        case
            when e.headers ->> 'hash' is not null then false
            when e.causation_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then exists (
                select from mt_doc_outcome o where o.id = e.causation_id::uuid and o.data -> 'EventIds' @> to_jsonb(e.id)
            )
            else false
        end,
        case when e.timestamp between '0001-01-01 00:00:00+00' and '9999-12-31 23:59:59.999999+00' then e.timestamp end,
        left((e.headers -> 'form')::text, 40),
        case when e.headers -> 'form' = '2' then e.headers - 'hash' end
        """;

    private byte[]? canonical;
    private byte[]? canonicalHeaders;

    public bool IsForm2 => Headers is not null;

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
            reader.GetBoolean(at + 9),
            reader.IsDBNull(at + 10) ? null : reader.GetFieldValue<DateTimeOffset>(at + 10),
            TextOrNull(reader, at + 11),
            reader.IsDBNull(at + 12) ? null : reader.GetFieldValue<byte[]>(at + 12)
        );

    /// <summary>Of form 2: all headers but the hash in canonical form.</summary>
    /// <exception cref="JsonException">They have none.</exception>
    public byte[] CanonicalHeaders => canonicalHeaders ??= CanonicalJson.Of(Headers);

    /// <inheritdoc cref="HashAt"/>
    public EventHash HashBehind(EventHash? previous) => HashAt(Version, previous);

    /// <summary>By the row's own form, as if it stood at this place.</summary>
    /// <exception cref="JsonException">There is no canonical form. What this service writes has one.</exception>
    public EventHash HashAt(long version, EventHash? previous) =>
        IsForm2
            ? HashWith(version, Previous == previous?.ToString() ? CanonicalHeaders : HeaderMembers.Of(CanonicalHeaders).Behind(previous))
            : EventHash.Of(StreamId, version, Type, Id, CanonicalData, CorrelationId, CausationId, previous);

    /// <summary>Of form 2, with other headers than its own.</summary>
    /// <exception cref="JsonException">There is no canonical form.</exception>
    public EventHash HashWith(long version, ReadOnlySpan<byte> canonicalHeaders) =>
        EventHash.OfForm2(
            StreamId,
            version,
            Type,
            Id,
            CanonicalData,
            Time ?? throw new JsonException("Its time is outside of the years 1 to 9999."),
            CorrelationId,
            CausationId,
            canonicalHeaders
        );

    private byte[] CanonicalData => canonical ??= CanonicalJson.Of(Data);

    private static string? TextOrNull(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetString(at);
}
