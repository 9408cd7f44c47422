using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>
/// <c>PUT /seeding/{community}/verification</c>: this node hashes its files of the community's torrent once more, while it serves them.
/// <c>GET</c>: how far that is, or how it ended. Every node answers for its own disk, whatever its roles.
/// </summary>
public static class VerificationApi
{
    public static void MapVerification(this WebApplication app)
    {
        const string path = "/seeding/{community}/verification";
        app.MapGet(
            path,
            (string community, VerifySeeds verify) => Of(community, verify.Find, "Nobody has asked for one since this node was started.")
        );
        // Not POST: any page in a browser may post to an address on this machine.
        app.MapPut(
            path,
            (string community, VerifySeeds verify) =>
                Of(
                    community,
                    verify.Ask,
                    "This node seeds no torrent of the community: GET /seeding?community= names the nodes that do.",
                    202
                )
        );
    }

    private static IResult Of(string community, Func<CommunityId, Verification?> find, string missing, int statusCode = 200)
    {
        if (!CommunityId.TryParse(community, null, out var id))
            return Results.Problem("A community id is 0x and 66 hexadecimal digits, the first of them 02 or 03.", statusCode: 400);
        return find(id) is { } found
            ? Results.Json(found, HttpApi.Json, statusCode: statusCode)
            : Results.Problem(missing, statusCode: 404);
    }
}
