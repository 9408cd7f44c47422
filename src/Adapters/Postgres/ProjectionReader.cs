using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventArchive.EventStore;
using EventArchive.Model;
using EventArchive.Projections;
using Marten;
using Npgsql;

namespace EventArchive.Postgres;

/// <summary>Reads the documents of projections. They follow the store with a small delay.</summary>
public sealed class ProjectionReader(IDocumentStore store)
{
    public const int MaxRowsPerPage = 1000;

    /// <summary>How a document is shown: fields in camelCase, enums by name.</summary>
    private static readonly JsonSerializerOptions Shown = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Null: there is no document with this id, or its event is not yet folded.</summary>
    public async Task<TDocument?> Find<TDocument>(string id, CancellationToken cancellation)
        where TDocument : class
    {
        await using var session = store.QuerySession();
        return await session.LoadAsync<TDocument>(id, cancellation);
    }

    /// <summary>
    /// All documents in the order of their ids, or those of one community. They are read in pages: a document made meanwhile may be among them.
    /// </summary>
    public async IAsyncEnumerable<TDocument> List<TDocument>(
        CommunityId? community,
        [EnumeratorCancellation] CancellationToken cancellation
    )
        where TDocument : class
    {
        string? after = null;
        do
        {
            var page = await Read(AllProjections.Of<TDocument>(), community, after, MaxRowsPerPage, cancellation);
            foreach (var (_, document) in page)
                yield return (TDocument)document;
            after = page.Count == MaxRowsPerPage ? page[^1].Id : null;
        } while (after is not null);
    }

    /// <summary>At most <paramref name="limit"/> documents in the order of their ids.</summary>
    /// <param name="community">Only this community's; null: all.</param>
    /// <param name="after">Only documents behind this id; null: from the beginning.</param>
    /// <param name="limit">1 to <see cref="MaxRowsPerPage"/>.</param>
    public async Task<IReadOnlyList<KeyedRow>> Page(
        FoldedProjection projection,
        CommunityId? community,
        string? after,
        int limit,
        CancellationToken cancellation
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxRowsPerPage);
        var page = await Read(projection, community, after, limit, cancellation);
        return [.. page.Select(row => new KeyedRow(row.Id, JsonSerializer.SerializeToElement(row.Document, projection.Document, Shown)))];
    }

    private async Task<List<(string Id, object Document)>> Read(
        FoldedProjection projection,
        CommunityId? community,
        string? after,
        int limit,
        CancellationToken cancellation
    )
    {
        await using var command = new NpgsqlCommand();
        command.Parameters.Add(new() { Value = after ?? "" });
        command.Parameters.Add(new() { Value = limit });
        var range = "";
        if (community is not null)
        {
            var (first, behind) = projection.RangeOf(community);
            range = """and id collate "C" >= $3 and id collate "C" < $4""";
            command.Parameters.Add(new() { Value = first });
            command.Parameters.Add(new() { Value = behind });
        }
        var table = store.Options.Schema.For(projection.Document);
        command.CommandText = $"""select id, data from {table} where id collate "C" > $1 {range} order by id collate "C" limit $2""";
        await using var session = store.QuerySession();
        List<(string, object)> rows = [];
        await using var reader = await session.ExecuteReaderAsync(command, cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(
                (
                    reader.GetString(0),
                    JsonSerializer.Deserialize(reader.GetFieldValue<byte[]>(1), projection.Document, EventJson.Options)
                        ?? throw new JsonException($"The document {reader.GetString(0)} of {projection.Name} is null.")
                )
            );
        return rows;
    }
}

/// <param name="Key">The document's id.</param>
/// <param name="Row">The document's JSON: fields in camelCase, enums by name, times in ISO 8601.</param>
public sealed record KeyedRow(string Key, JsonElement Row);
