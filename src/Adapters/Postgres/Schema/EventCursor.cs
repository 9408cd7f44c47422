using System.Runtime.CompilerServices;
using EventArchive.Events;
using EventArchive.EventStore;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Reads stored events page by page in a transaction that does other things between the pages. In constant memory.</summary>
/// <param name="order">The columns by which they come.</param>
/// <param name="where">A condition on <c>e</c>.</param>
internal sealed class EventCursor(NpgsqlTransaction transaction, string where, string order)
{
    private const int PageSize = 500;

    private const string Columns =
        "e.seq_id, e.id, e.stream_id, e.version, e.type, e.data, e.timestamp, e.correlation_id, e.headers ->> 'hash', e.is_skipped";

    /// <summary>Tombstones are nobody's events.</summary>
    public async IAsyncEnumerable<IReadOnlyList<MigratedEvent>> Pages([EnumeratorCancellation] CancellationToken cancellation)
    {
        var connection = transaction.Connection!;
        await connection.Run(
            $"declare ea_events no scroll cursor for select {Columns} from mt_events e where e.type <> 'tombstone' and {where} order by {order}",
            cancellation
        );
        for (var page = await Fetch(connection, cancellation); page.Count > 0; page = await Fetch(connection, cancellation))
            yield return page;
        await connection.Run("close ea_events", cancellation);
    }

    private static async Task<List<MigratedEvent>> Fetch(NpgsqlConnection connection, CancellationToken cancellation)
    {
        List<MigratedEvent> page = [];
        await using var command = new NpgsqlCommand($"fetch {PageSize} from ea_events", connection)
        {
            CommandTimeout = ConnectionSql.NoTimeout,
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            page.Add(
                new MigratedEvent(
                    reader.GetInt64(0),
                    reader.GetGuid(1),
                    reader.GetString(2),
                    reader.GetInt64(3),
                    reader.GetString(4),
                    reader.GetFieldValue<byte[]>(5),
                    reader.GetFieldValue<DateTimeOffset>(6),
                    await reader.IsDBNullAsync(7, cancellation) ? null : reader.GetString(7),
                    await reader.IsDBNullAsync(8, cancellation) ? null : reader.GetString(8),
                    !await reader.IsDBNullAsync(9, cancellation) && reader.GetBoolean(9)
                )
            );
        return page;
    }
}

/// <param name="Skipped">Somebody decided that no reader handles it.</param>
internal sealed record MigratedEvent(
    long Seq,
    Guid Id,
    string StreamId,
    long Version,
    string Type,
    byte[] Json,
    DateTimeOffset At,
    string? CorrelationId,
    string? Hash,
    bool Skipped
)
{
    /// <exception cref="InvalidOperationException">It cannot be read.</exception>
    public IEvent Read()
    {
        try
        {
            return EventJson.Read(Seq, Type, Json);
        }
        catch (UnreadableEventException error)
        {
            throw new InvalidOperationException(
                $"{error.Message} Nothing was changed. Repair the event, or skip it with the release that was at work last.",
                error
            );
        }
    }
}
