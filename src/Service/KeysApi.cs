using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary>
/// <c>/keys</c>: the communities' private keys, for callers with an API key. A key comes in as 0x-hex or as a keystore file with its password; it
/// goes out only as a keystore file under a password of the caller's. So do the hash ratchet keys of encrypted communities.
/// </summary>
public static partial class KeysApi
{
    /// <summary>Of a password that encrypts a file which leaves the service.</summary>
    public const int MinPasswordCharacters = 8;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

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

    private static async Task<IResult> Import(HttpRequest request, ICommunityKeys keys, ILoggerFactory logs, CancellationToken cancellation)
    {
        const string Form = """{"privateKey":"0x…"} or {"keystore":{…},"password":"…"}""";
        if (await Read<KeyBody>(request, cancellation) is not { } body || (body.PrivateKey is null) == (body.Keystore is null))
            return Results.Problem($"The body is JSON: {Form}.", statusCode: 400);
        byte[] key;
        CommunityId community;
        try
        {
            key = body.PrivateKey is { } hex
                ? Hex.Decode(hex, "privateKey", CommunityKey.PrivateKeyBytes)
                : KeystoreFile.Open(JsonSerializer.SerializeToUtf8Bytes(body.Keystore), body.Password ?? "");
            community = CommunityKey.IdOf(key);
        }
        catch (FormatException fault)
        {
            return Results.Problem(fault.Message, statusCode: 400);
        }
        await keys.Import(community, key, cancellation);
        CryptographicOperations.ZeroMemory(key);
        LogDone(logs.CreateLogger(typeof(KeysApi)), "imported", community, ApiKeyAccess.CallerOf(request.HttpContext));
        return Results.Json(new { communityId = community }, HttpApi.Json);
    }

    private static async Task<IResult> Export(
        string community,
        HttpRequest request,
        ICommunityKeys keys,
        ILoggerFactory logs,
        CancellationToken cancellation
    )
    {
        if (!CommunityId.TryParse(community, null, out var id))
            return NoId();
        if (await ReadPassword(request, cancellation) is not { } password)
            return NoPassword();
        if (await keys.Find(id, cancellation) is not { } key)
            return NotHere(id);
        var file = KeystoreFile.Write(key, password);
        CryptographicOperations.ZeroMemory(key);
        LogDone(logs.CreateLogger(typeof(KeysApi)), "exported", id, ApiKeyAccess.CallerOf(request.HttpContext));
        return Results.Bytes(file, "application/json");
    }

    private static async Task<IResult> Forget(
        string community,
        HttpRequest request,
        ICommunityKeys keys,
        ILoggerFactory logs,
        CancellationToken cancellation
    )
    {
        if (!CommunityId.TryParse(community, null, out var id))
            return NoId();
        if (!await keys.Forget(id, cancellation))
            return NotHere(id);
        LogDone(logs.CreateLogger(typeof(KeysApi)), "forgotten", id, ApiKeyAccess.CallerOf(request.HttpContext));
        return Results.NoContent();
    }

    /// <summary>Null: it is not JSON of this shape. What was read is not repeated.</summary>
    private static async Task<T?> Read<T>(HttpRequest request, CancellationToken cancellation)
        where T : class
    {
        // For JSON a page in a browser has to ask first.
        if (!request.HasJsonContentType())
            return null;
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, Json, cancellation);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Of a password that is to encrypt what leaves the service; null: there is none, or it is too short.</summary>
    private static async Task<string?> ReadPassword(HttpRequest request, CancellationToken cancellation) =>
        await Read<PasswordBody>(request, cancellation) is { Password: { Length: >= MinPasswordCharacters } password } ? password : null;

    private static IResult NoPassword() =>
        Results.Problem(
            $$"""The body is JSON: {"password":"…"}, with at least {{MinPasswordCharacters}} characters; the file is encrypted with it.""",
            statusCode: 400
        );

    private static IResult NoId() =>
        Results.Problem("A community id is 0x and 66 hexadecimal digits, the first of them 02 or 03.", statusCode: 400);

    private static IResult NotHere(CommunityId community) =>
        Results.Problem($"No key of community {community} is kept here.", statusCode: 404);

    [LoggerMessage(1232, LogLevel.Information, "The key of community {Community} was {What} by {Caller}")]
    private static partial void LogDone(ILogger log, string what, CommunityId community, string caller);

    private sealed record PasswordBody(string? Password = null);

    private sealed record KeyBody(string? PrivateKey = null, JsonElement? Keystore = null, string? Password = null);
}
