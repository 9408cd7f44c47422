using EventArchive.Model;
using EventArchive.Postgres;

namespace EventArchive.Service;

/// <summary>
/// <c>GET /nodes</c>: the nodes of the deployment. <c>GET /seeding</c>: which node seeds what, with peers, bytes given away, ratio and when it was
/// last active, as each node said at most <c>Node:TellInterval</c> ago. <c>GET /seeding/info-hashes</c>: the present torrents, one in a line, as a
/// tracker with a whitelist reads them.
/// </summary>
public static class SeedingApi
{
    public static void MapSeeding(this WebApplication app)
    {
        app.MapGet(
            "/nodes",
            async (SeedingReader reader, CancellationToken cancellation) =>
                Results.Json(new { nodes = await reader.ListNodes(cancellation) }, HttpApi.Json)
        );
        app.MapGet("/seeding", Read);
        app.MapGet(
            "/seeding/info-hashes",
            async (NodeTorrents torrents, CancellationToken cancellation) =>
                Results.Text(
                    string.Concat(
                        (await torrents.ListWanted("", peer: null, TimeSpan.Zero, cancellation)).Select(one => $"{one.InfoHash}\n")
                    )
                )
        );
    }

    // The limit as a text: what is no number gets the same answer as one that does not fit.
    private static async Task<IResult> Read(
        SeedingReader reader,
        CancellationToken cancellation,
        string? community = null,
        string? node = null,
        string? after = null,
        string? limit = null
    )
    {
        CommunityId? only = null;
        if (community is not null && !CommunityId.TryParse(community, null, out only))
            return Results.Problem("A community id is 0x and 66 hexadecimal digits, the first of them 02 or 03.", statusCode: 400);
        var rows = ProjectionsApi.DefaultRows;
        if (limit is not null && (!int.TryParse(limit, out rows) || rows is < 1 or > SeedingReader.MaxRowsPerPage))
            return Results.Problem($"limit is 1 to {SeedingReader.MaxRowsPerPage}.", statusCode: 400);
        if (new[] { after, node }.Any(text => text is not null && !IsKey(text)))
            return Results.Problem(
                "node is a node's name, and after the key of a row, as next in the answer before names it.",
                statusCode: 400
            );
        var page = await reader.Page(only, node, after, rows, cancellation);
        return Results.Json(new { rows = page, next = page.Count == rows ? page[^1].Key : null }, HttpApi.Json);
    }

    private static bool IsKey(string text) =>
        text.Length <= ProjectionsApi.MaxKeyCharacters && !text.Contains('\0', StringComparison.Ordinal);
}
