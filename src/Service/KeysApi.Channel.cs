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

    private static Task<IResult> ImportChannel([AsParameters] KeyCall call, TopicKeys keys) =>
        call.Import<ChannelBody, (CommunityId Community, ContentTopic Topic, byte[] Key)>(
            """{"communityId":"0x…","contentTopic":"0x…","key":"0x…"}, or "keystore":{…} and "password":"…" in place of the key""",
            body =>
                (
                    CommunityId.Parse(body.CommunityId ?? ""),
                    ContentTopic.Parse(body.ContentTopic ?? ""),
                    body.Key is { } hex
                        ? Hex.Decode(hex, "key", WakuKeys.KeyBytes)
                        : KeystoreFile.Open(body.KeystoreBytes(), body.Password ?? "")
                ),
            async read =>
            {
                await keys.Import(read.Community, read.Topic, read.Key, call.Cancellation);
                CryptographicOperations.ZeroMemory(read.Key);
                LogChannelDone(call.Log, "imported", read.Topic, read.Community, call.Caller);
                return new { communityId = read.Community, contentTopic = read.Topic };
            }
        );

    private static async Task<IResult> ExportChannel(string community, string topic, [AsParameters] KeyCall call, TopicKeys keys)
    {
        if (!CommunityId.TryParse(community, null, out var id) || !ContentTopic.TryParse(topic, null, out var of))
            return NoChannel();
        return await call.Export(
            async () => (await keys.Find(id, call.Cancellation)).GetValueOrDefault(of),
            NotHere(id, of),
            () => LogChannelDone(call.Log, "exported", of, id, call.Caller)
        );
    }

    private static async Task<IResult> ForgetChannel(string community, string topic, [AsParameters] KeyCall call, TopicKeys keys)
    {
        if (!CommunityId.TryParse(community, null, out var id) || !ContentTopic.TryParse(topic, null, out var of))
            return NoChannel();
        if (!await keys.Forget(id, of, call.Cancellation))
            return NotHere(id, of);
        LogChannelDone(call.Log, "forgotten", of, id, call.Caller);
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
    ) : KeyBody(Keystore, Password)
    {
        public override bool IsInClear() => Key is not null;
    }
}
