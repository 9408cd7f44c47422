using System.Security.Cryptography;
using System.Text.Json;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary>
/// <c>/keys</c>: the communities' private keys, the hash ratchet keys of encrypted communities, and keys of channels, for callers with an API key.
/// </summary>
public static partial class KeysApi
{
    public static void MapKeys(this WebApplication app)
    {
        var keys = app.MapGroup("/keys").ForCallersWithKey();
        keys.MapGet("", List);
        keys.MapPost("", Import);
        keys.MapPost("/{community}/export", Export);
        keys.MapDelete("/{community}", Forget);
        MapRatchet(keys);
        MapChannel(keys);
    }

    private static async Task<IResult> List(
        ICommunityKeys keys,
        IRatchetKeys ratchetKeys,
        TopicKeys channelKeys,
        CancellationToken cancellation
    ) =>
        Results.Json(
            new
            {
                communities = await keys.List(cancellation),
                ratchetKeys = await ratchetKeys.List(cancellation),
                channelKeys = await channelKeys.List(cancellation),
            },
            HttpApi.Json
        );

    private static Task<IResult> Import([AsParameters] KeyCall call, ICommunityKeys keys) =>
        call.Import<PrivateKeyBody, (CommunityId Community, byte[] Key)>(
            """{"privateKey":"0x…"} or {"keystore":{…},"password":"…"}""",
            body =>
            {
                var key = body.PrivateKey is { } hex
                    ? Hex.Decode(hex, "privateKey", CommunityKey.PrivateKeyBytes)
                    : KeystoreFile.Open(body.KeystoreBytes(), body.Password ?? "");
                return (CommunityKey.IdOf(key), key);
            },
            async read =>
            {
                await keys.Import(read.Community, read.Key, call.Cancellation);
                CryptographicOperations.ZeroMemory(read.Key);
                LogDone(call.Log, "imported", read.Community, call.Caller);
                return new { communityId = read.Community };
            }
        );

    private static async Task<IResult> Export(string community, [AsParameters] KeyCall call, ICommunityKeys keys)
    {
        if (!CommunityId.TryParse(community, null, out var id))
            return NoId();
        return await call.Export(() => keys.Find(id, call.Cancellation), NotHere(id), () => LogDone(call.Log, "exported", id, call.Caller));
    }

    private static async Task<IResult> Forget(string community, [AsParameters] KeyCall call, ICommunityKeys keys)
    {
        if (!CommunityId.TryParse(community, null, out var id))
            return NoId();
        if (!await keys.Forget(id, call.Cancellation))
            return NotHere(id);
        LogDone(call.Log, "forgotten", id, call.Caller);
        return Results.NoContent();
    }

    private static IResult NoId() =>
        Results.Problem("A community id is 0x and 66 hexadecimal digits, the first of them 02 or 03.", statusCode: 400);

    private static IResult NotHere(CommunityId community) =>
        Results.Problem($"No key of community {community} is kept here.", statusCode: 404);

    [LoggerMessage(1232, LogLevel.Information, "The key of community {Community} was {What} by {Caller}")]
    private static partial void LogDone(ILogger log, string what, CommunityId community, string caller);

    private sealed record PrivateKeyBody(string? PrivateKey = null, JsonElement? Keystore = null, string? Password = null)
        : KeyBody(Keystore, Password)
    {
        public override bool IsInClear() => PrivateKey is not null;
    }
}
