using System.Text.Json;
using EventArchive.Model;
using EventArchive.Projections;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Reads the rows of projections. They follow the store with a small delay.</summary>
public sealed class ProjectionReader(NpgsqlDataSource source)
{
    public const int MaxRowsPerPage = 1000;

    /// <summary>Null: there is no row with this key, or its event is not yet folded.</summary>
    public async Task<TRow?> Find<TRow>(Projection<TRow> projection, string key, CancellationToken cancellation)
        where TRow : class
    {
        await using var command = source.CreateCommand($"select row from {new ProjectionTable(projection).Name} where key = $1");
        command.Parameters.Add(new() { Value = key });
        return await command.ExecuteScalarAsync(cancellation) is string json
            ? JsonSerializer.Deserialize<TRow>(json, ProjectionTable.Json)
            : null;
    }

    /// <summary>All rows in the order of their keys, or those of one community. They are read in pages: a row made meanwhile may be among them.</summary>
    public async IAsyncEnumerable<TRow> List<TRow>(
        Projection<TRow> projection,
        CommunityId? community,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
        where TRow : class
    {
        string? after = null;
        do
        {
            var page = await Page(projection, community, after, MaxRowsPerPage, cancellation);
            foreach (var row in page)
                yield return row.Row.Deserialize<TRow>(ProjectionTable.Json)!;
            after = page.Count == MaxRowsPerPage ? page[^1].Key : null;
        } while (after is not null);
    }

    /// <summary>At most <paramref name="limit"/> rows in the order of their keys.</summary>
    /// <param name="community">Only this community's; null: all.</param>
    /// <param name="after">Only rows behind this key; null: from the beginning.</param>
    /// <param name="limit">1 to <see cref="MaxRowsPerPage"/>.</param>
    public async Task<IReadOnlyList<KeyedRow>> Page(
        Projection projection,
        CommunityId? community,
        string? after,
        int limit,
        CancellationToken cancellation
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxRowsPerPage);
        // A community's rows are its id alone, and whatever follows it behind the separator.
        var range = community is null ? "" : "and key >= $3 and key < $4";
        await using var command = source.CreateCommand(
            $"select key, row from {new ProjectionTable(projection).Name} where key > $1 {range} order by key limit $2"
        );
        command.Parameters.Add(new() { Value = after ?? "" });
        command.Parameters.Add(new() { Value = limit });
        if (community is not null)
        {
            command.Parameters.Add(new() { Value = community.ToString() });
            command.Parameters.Add(new() { Value = community.ToString() + (char)(Projection.Separator + 1) });
        }
        List<KeyedRow> rows = [];
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(new KeyedRow(reader.GetString(0), JsonSerializer.Deserialize<JsonElement>(reader.GetFieldValue<byte[]>(1))));
        return rows;
    }
}

/// <param name="Row">The row's JSON: fields in camelCase, enums by name, times in ISO 8601.</param>
public sealed record KeyedRow(string Key, JsonElement Row);
