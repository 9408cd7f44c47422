using System.Security.Cryptography;
using System.Text.Json;
using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Waku;

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

    private static async Task<IResult> ImportRatchet(
        HttpRequest request,
        IRatchetKeys keys,
        ILoggerFactory logs,
        CancellationToken cancellation
    )
    {
        const string Form = """{"keys":[{"communityId":"0x…","key":"0x…","timestamp":…,"seqNo":…}]} or {"keystore":{…},"password":"…"}""";
        if (await Read<RatchetBody>(request, cancellation) is not { } body || (body.Keys is null) == (body.Keystore is null))
            return Results.Problem($"The body is JSON: {Form}.", statusCode: 400);
        IReadOnlyList<(RatchetKey Key, uint SeqNo)> read;
        try
        {
            read = body.Keys is { } list
                ? RatchetKeyFile.Parse(list.GetRawText())
                : RatchetKeystore.Open(JsonSerializer.SerializeToUtf8Bytes(body.Keystore), body.Password ?? "");
        }
        catch (FormatException fault)
        {
            return Results.Problem(fault.Message, statusCode: 400);
        }
        foreach (var (key, seqNo) in read)
        {
            await keys.Import(key, seqNo, cancellation);
            LogRatchetDone(
                logs.CreateLogger(typeof(KeysApi)),
                "imported",
                key.Id,
                key.CommunityId,
                ApiKeyAccess.CallerOf(request.HttpContext)
            );
        }
        return Results.Json(
            new { ratchetKeys = read.Select(one => new { communityId = one.Key.CommunityId, keyId = one.Key.Id }) },
            HttpApi.Json
        );
    }

    private static async Task<IResult> ExportRatchet(
        string community,
        HttpRequest request,
        IRatchetKeys keys,
        ILoggerFactory logs,
        CancellationToken cancellation
    )
    {
        if (!CommunityId.TryParse(community, null, out var id))
            return NoId();
        if (await ReadPassword(request, cancellation) is not { } password)
            return NoPassword();
        byte[]? list;
        try
        {
            list = await RatchetKeystore.Collect(keys, id, cancellation);
        }
        catch (FormatException fault)
        {
            return Results.Problem(fault.Message, statusCode: 409);
        }
        if (list is null)
            return Results.Problem($"No hash ratchet key of community {id} is kept here.", statusCode: 404);
        var file = KeystoreFile.Write(list, password);
        CryptographicOperations.ZeroMemory(list);
        LogAllRatchetExported(logs.CreateLogger(typeof(KeysApi)), id, ApiKeyAccess.CallerOf(request.HttpContext));
        return Results.Bytes(file, "application/json");
    }

    private static async Task<IResult> ForgetRatchet(
        string community,
        string key,
        HttpRequest request,
        IRatchetKeys keys,
        ILoggerFactory logs,
        CancellationToken cancellation
    )
    {
        if (!CommunityId.TryParse(community, null, out var id))
            return NoId();
        if (!RatchetKeyId.TryParse(key, null, out var keyId))
            return Results.Problem("The id of a hash ratchet key is 0x and 64 hexadecimal digits: GET /keys lists them.", statusCode: 400);
        if (!await keys.Forget(id, keyId, cancellation))
            return Results.Problem($"No hash ratchet key {keyId} of community {id} is kept here.", statusCode: 404);
        LogRatchetDone(logs.CreateLogger(typeof(KeysApi)), "forgotten", keyId, id, ApiKeyAccess.CallerOf(request.HttpContext));
        return Results.NoContent();
    }

    [LoggerMessage(1233, LogLevel.Information, "The hash ratchet key {KeyId} of community {Community} was {What} by {Caller}")]
    private static partial void LogRatchetDone(ILogger log, string what, RatchetKeyId keyId, CommunityId community, string caller);

    [LoggerMessage(1234, LogLevel.Information, "The hash ratchet keys of community {Community} were exported by {Caller}")]
    private static partial void LogAllRatchetExported(ILogger log, CommunityId community, string caller);

    private sealed record RatchetBody(JsonElement? Keys = null, JsonElement? Keystore = null, string? Password = null);
}
