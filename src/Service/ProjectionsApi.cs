using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Projections;

namespace EventArchive.Service;

/// <summary><c>GET /projections/{name}</c>: the rows of a projection in pages, all or one community's (docs/projections.md).</summary>
public static class ProjectionsApi
{
    public const int DefaultRows = 100;

    /// <summary>Keys are short; whatever is longer is none of ours.</summary>
    public const int MaxKeyCharacters = 1024;

    public static void MapProjections(this WebApplication app) => app.MapGet("/projections/{name}", Read);

    // The limit as a text: what is no number gets the same answer as one that does not fit.
    private static async Task<IResult> Read(
        string name,
        ProjectionReader reader,
        CancellationToken cancellation,
        string? community = null,
        string? after = null,
        string? limit = null
    )
    {
        if (AllProjections.Find(name) is not { } projection)
        {
            var names = string.Join(", ", AllProjections.List.Select(one => one.Name));
            return Results.Problem($"There is no projection {name}. There are: {names}.", statusCode: 404);
        }
        CommunityId? only = null;
        if (community is not null && !CommunityId.TryParse(community, null, out only))
            return Results.Problem("A community id is 0x and 66 hexadecimal digits, the first of them 02 or 03.", statusCode: 400);
        var rows = DefaultRows;
        if (limit is not null && (!int.TryParse(limit, out rows) || rows is < 1 or > ProjectionReader.MaxRowsPerPage))
            return Results.Problem($"limit is 1 to {ProjectionReader.MaxRowsPerPage}.", statusCode: 400);
        if (after is { } key && (key.Length > MaxKeyCharacters || key.Contains('\0', StringComparison.Ordinal)))
            return Results.Problem("after is the key of a row, as next in the answer before names it.", statusCode: 400);
        var page = await reader.Page(projection, only, after, rows, cancellation);
        return Results.Json(new { rows = page, next = page.Count == rows ? page[^1].Key : null }, HttpApi.Json);
    }
}
