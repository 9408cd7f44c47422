using System.Text.Json;
using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary><c>/keys/ratchet</c> and <c>/keys/{community}/ratchet</c>: the hash ratchet keys of encrypted communities.</summary>
public static partial class KeysApi
{
    private static void MapRatchet(RouteGroupBuilder keys)
    {
        keys.MapPost("/ratchet", ImportRatchet);
        keys.MapPost("/{community}/ratchet/export", ExportRatchet);
        keys.MapDelete("/{community}/ratchet/{key}", ForgetRatchet);
    }

    private static Task<IResult> ImportRatchet([AsParameters] KeyCall call, IRatchetKeys keys) =>
        call.Import<RatchetBody, IReadOnlyList<(RatchetKey Key, uint SeqNo)>>(
            """{"keys":[{"communityId":"0x…","key":"0x…","timestamp":…,"seqNo":…}]} or {"keystore":{…},"password":"…"}""",
            body =>
                body.Keys is { } list
                    ? RatchetKeyFile.Parse(list.GetRawText())
                    : RatchetKeystore.Open(body.KeystoreBytes(), body.Password ?? ""),
            async read =>
            {
                foreach (var (key, seqNo) in read)
                {
                    await keys.Import(key, seqNo, call.Cancellation);
                    LogRatchetDone(call.Log, "imported", key.Id, key.CommunityId, call.Caller);
                }
                return new { ratchetKeys = read.Select(one => new { communityId = one.Key.CommunityId, keyId = one.Key.Id }) };
            }
        );

    /// <summary>All keys of the community in one file; 409 when there are more than a file holds.</summary>
    private static async Task<IResult> ExportRatchet(string community, [AsParameters] KeyCall call, IRatchetKeys keys)
    {
        if (!CommunityId.TryParse(community, null, out var id))
            return NoId();
        try
        {
            return await call.Export(
                () => RatchetKeystore.Collect(keys, id, call.Cancellation),
                Results.Problem($"No hash ratchet key of community {id} is kept here.", statusCode: 404),
                () => LogAllRatchetExported(call.Log, id, call.Caller)
            );
        }
        catch (FormatException fault)
        {
            return Results.Problem(fault.Message, statusCode: 409);
        }
    }

    private static async Task<IResult> ForgetRatchet(string community, string key, [AsParameters] KeyCall call, IRatchetKeys keys)
    {
        if (!CommunityId.TryParse(community, null, out var id))
            return NoId();
        if (!RatchetKeyId.TryParse(key, null, out var keyId))
            return Results.Problem("The id of a hash ratchet key is 0x and 64 hexadecimal digits: GET /keys lists them.", statusCode: 400);
        if (!await keys.Forget(id, keyId, call.Cancellation))
            return Results.Problem($"No hash ratchet key {keyId} of community {id} is kept here.", statusCode: 404);
        LogRatchetDone(call.Log, "forgotten", keyId, id, call.Caller);
        return Results.NoContent();
    }

    [LoggerMessage(1233, LogLevel.Information, "The hash ratchet key {KeyId} of community {Community} was {What} by {Caller}")]
    private static partial void LogRatchetDone(ILogger log, string what, RatchetKeyId keyId, CommunityId community, string caller);

    [LoggerMessage(1234, LogLevel.Information, "The hash ratchet keys of community {Community} were exported by {Caller}")]
    private static partial void LogAllRatchetExported(ILogger log, CommunityId community, string caller);

    private sealed record RatchetBody(JsonElement? Keys = null, JsonElement? Keystore = null, string? Password = null)
        : KeyBody(Keystore, Password)
    {
        public override bool IsInClear() => Keys is not null;
    }
}
