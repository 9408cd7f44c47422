using System.Security.Cryptography;
using System.Text.Json;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary><c>/keys/channel</c> and <c>/keys/{community}/channel</c>: the keys of channels that are known by content topic alone.</summary>
public static partial class KeysApi
{
    private static void MapChannel(RouteGroupBuilder keys)
    {
        keys.MapPost("/channel", ImportChannel);
        keys.MapPost("/{community}/channel/{topic}/export", ExportChannel);
        keys.MapDelete("/{community}/channel/{topic}", ForgetChannel);
    }

    private static async Task<IResult> ImportChannel(
        HttpRequest request,
        TopicKeys keys,
        ILoggerFactory logs,
        CancellationToken cancellation
    )
    {
        const string Form =
            """{"communityId":"0x…","contentTopic":"0x…","key":"0x…"}, or "keystore":{…} and "password":"…" in place of the key""";
        if (await Read<ChannelBody>(request, cancellation) is not { } body || (body.Key is null) == (body.Keystore is null))
            return Results.Problem($"The body is JSON: {Form}.", statusCode: 400);
        CommunityId community;
        ContentTopic topic;
        byte[] key;
        try
        {
            community = CommunityId.Parse(body.CommunityId ?? "");
            topic = ContentTopic.Parse(body.ContentTopic ?? "");
            key = body.Key is { } hex
                ? Hex.Decode(hex, "key", WakuKeys.KeyBytes)
                : KeystoreFile.Open(JsonSerializer.SerializeToUtf8Bytes(body.Keystore), body.Password ?? "");
        }
        catch (FormatException fault)
        {
            return Results.Problem(fault.Message, statusCode: 400);
        }
        await keys.Import(community, topic, key, cancellation);
        CryptographicOperations.ZeroMemory(key);
        LogChannelDone(logs.CreateLogger(typeof(KeysApi)), "imported", topic, community, ApiKeyAccess.CallerOf(request.HttpContext));
        return Results.Json(new { communityId = community, contentTopic = topic }, HttpApi.Json);
    }

    private static async Task<IResult> ExportChannel(
        string community,
        string topic,
        HttpRequest request,
        TopicKeys keys,
        ILoggerFactory logs,
        CancellationToken cancellation
    )
    {
        if (!CommunityId.TryParse(community, null, out var id) || !ContentTopic.TryParse(topic, null, out var of))
            return NoChannel();
        if (await ReadPassword(request, cancellation) is not { } password)
            return NoPassword();
        if ((await keys.Find(id, cancellation)).GetValueOrDefault(of) is not { } key)
            return NotHere(id, of);
        var file = KeystoreFile.Write(key, password);
        CryptographicOperations.ZeroMemory(key);
        LogChannelDone(logs.CreateLogger(typeof(KeysApi)), "exported", of, id, ApiKeyAccess.CallerOf(request.HttpContext));
        return Results.Bytes(file, "application/json");
    }

    private static async Task<IResult> ForgetChannel(
        string community,
        string topic,
        HttpRequest request,
        TopicKeys keys,
        ILoggerFactory logs,
        CancellationToken cancellation
    )
    {
        if (!CommunityId.TryParse(community, null, out var id) || !ContentTopic.TryParse(topic, null, out var of))
            return NoChannel();
        if (!await keys.Forget(id, of, cancellation))
            return NotHere(id, of);
        LogChannelDone(logs.CreateLogger(typeof(KeysApi)), "forgotten", of, id, ApiKeyAccess.CallerOf(request.HttpContext));
        return Results.NoContent();
    }

    private static IResult NoChannel() =>
        Results.Problem("A community id is 0x and 66 hexadecimal digits, a content topic 0x and 8.", statusCode: 400);

    private static IResult NotHere(CommunityId community, ContentTopic topic) =>
        Results.Problem($"No key of channel {topic} of community {community} is kept here.", statusCode: 404);

    [LoggerMessage(1235, LogLevel.Information, "The key of channel {Topic} of community {Community} was {What} by {Caller}")]
    private static partial void LogChannelDone(ILogger log, string what, ContentTopic topic, CommunityId community, string caller);

    private sealed record ChannelBody(
        string? CommunityId = null,
        string? ContentTopic = null,
        string? Key = null,
        JsonElement? Keystore = null,
        string? Password = null
    );
}
