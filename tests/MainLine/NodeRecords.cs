using System.Text.Json;
using EventArchive.Testing;
using Npgsql;

namespace EventArchive.Tests.MainLine;

/// <summary>What a node holds, read past the service, so that it can be read while the service is down: its tables and its archive folder.</summary>
public sealed class NodeRecords(ServiceNodeSettings settings) : IAsyncDisposable
{
    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(settings.Database);

    public async Task<IReadOnlyList<EventRow>> Events(CancellationToken cancellation)
    {
        List<EventRow> events = [];
        await using var command = source.CreateCommand(
            "select seq_id, id, stream_id, version, type, causation_id, data from mt_events order by seq_id"
        );
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            events.Add(
                new EventRow(
                    reader.GetInt64(0),
                    reader.GetGuid(1),
                    reader.GetString(2),
                    reader.GetInt64(3),
                    reader.GetString(4),
                    Guid.Parse(reader.GetString(5)),
                    JsonDocument.Parse(reader.GetString(6)).RootElement
                )
            );
        return events;
    }

    /// <summary>Every recorded message whole, as text, in the order of the hashes.</summary>
    public Task<IReadOnlyList<string>> Messages(CancellationToken cancellation) =>
        Rows(
            """
            select encode(hash, 'hex'), encode(content_topic, 'hex'), timestamp, encode(sig, 'hex'), encode(payload, 'hex'),
                encode(padding, 'hex'), third_party_id
            from ea_messages order by hash
            """,
            cancellation
        );

    /// <summary>Names of commands with the code of their refusal.</summary>
    public Task<IReadOnlyList<string>> Refusals(CancellationToken cancellation) =>
        Rows(
            "select data ->> 'Command', data #>> '{Refusal,Code}', data #>> '{Refusal,Reason}' from mt_doc_outcome where data -> 'Refusal' <> 'null'",
            cancellation
        );

    /// <summary>No effect is pending, and every subscription has handled every event.</summary>
    public async Task<bool> IsQuiet(CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            select (select count(*) from ea_pending_work) = 0
                and (select count(*) = 8 and min(last_seq_id) >= (select coalesce(max(seq_id), 0) from mt_events) from mt_event_progression where name like '%:All')
            """
        );
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The community's files below the archive root, by relative path, without the engine's note on this very disk's files.</summary>
    public IReadOnlyDictionary<string, byte[]> Files() =>
        Directory
            .EnumerateFiles(settings.Archives, "*", SearchOption.AllDirectories)
            .Where(path => !Path.GetFileName(path).StartsWith(".seeded", StringComparison.Ordinal))
            .ToDictionary(path => Path.GetRelativePath(settings.Archives, path), File.ReadAllBytes);

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task<IReadOnlyList<string>> Rows(string sql, CancellationToken cancellation)
    {
        List<string> rows = [];
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => Convert.ToString(reader.GetValue(column)))));
        return rows;
    }
}
