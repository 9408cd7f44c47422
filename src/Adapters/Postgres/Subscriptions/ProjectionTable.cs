using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventArchive.Events;
using EventArchive.Projections;
using Npgsql;
using NpgsqlTypes;

namespace EventArchive.Postgres;

/// <summary>Where a projection's rows are kept: <c>key</c>, which begins with the community's id, and <c>row</c>, JSON.</summary>
internal sealed class ProjectionTable(Projection projection, string suffix = "")
{
    /// <summary>Fields in camelCase, enums by name.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary><c>ea_magnetlink_clocks</c> for MagnetlinkClocks.</summary>
    public string Name { get; } = "ea_" + SnakeCase(projection.Name) + suffix;

    /// <summary>Reads the rows that events will change, those that are not held already.</summary>
    public async Task Load(
        FoldedRows rows,
        IReadOnlyList<RecordedEvent> events,
        NpgsqlConnection connection,
        CancellationToken cancellation
    )
    {
        if (projection.RowPerEvent)
            return;
        string[] missing = [.. events.SelectMany(projection.KeysOf).Where(key => !rows.Holds(key)).Distinct(StringComparer.Ordinal)];
        if (missing.Length == 0)
            return;
        await using var command = new NpgsqlCommand($"select key, row from {Name} where key = any($1)", connection)
        {
            Parameters = { new() { Value = missing } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Load(reader.GetString(0), JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(1), projection.RowType, Json));
        foreach (var key in missing)
            if (!rows.Holds(key))
                rows.Load(key, row: null);
    }

    /// <summary>All changed rows in one statement.</summary>
    public NpgsqlBatchCommand Save(FoldedRows rows) =>
        new($"insert into {Name} (key, row) select * from unnest($1, $2) on conflict (key) do update set row = excluded.row")
        {
            Parameters =
            {
                new() { Value = rows.Changed.ToArray() },
                new()
                {
                    Value = rows.Changed.Select(key => Text(rows[key])).ToArray(),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb,
                },
            },
        };

    /// <summary>All changed rows, none of which the table holds.</summary>
    public async Task Append(FoldedRows rows, NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var stream = await connection.BeginRawBinaryCopyAsync(
            $"copy {Name} (key, row) from stdin (format binary)",
            cancellation
        );
        try
        {
            var copy = new CopyWriter(stream);
            copy.Begin();
            foreach (var key in rows.Changed)
            {
                copy.Row(columns: 2);
                copy.Text(key);
                copy.Jsonb(JsonSerializer.SerializeToUtf8Bytes(rows[key], projection.RowType, Json));
                await copy.SendFull(cancellation);
            }
            await copy.End(cancellation);
        }
        catch
        {
            await CopyWriter.Abandon(stream);
            throw;
        }
    }

    private string Text(object? row) => JsonSerializer.Serialize(row, projection.RowType, Json);

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
            text.Append(char.IsAsciiLetterUpper(letter) && text.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(letter));
        return text.ToString();
    }
}
