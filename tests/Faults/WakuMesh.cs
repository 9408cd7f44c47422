using System.Net.Http.Json;
using System.Text.Json;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Waku;

namespace EventArchive.Tests.Faults;

/// <summary>Two Waku nodes that carry all lines, a shard for each, so that no line hears another.</summary>
public sealed class WakuMesh : IAsyncDisposable
{
    private const ushort Cluster = 16;
    private const ushort FirstShard = 100;
    private static readonly TimeSpan MeshLimit = TimeSpan.FromSeconds(60);

    private readonly WakuDevNode owner;
    private readonly WakuDevNode member;
    private readonly int shards;
    private int given;

    private WakuMesh(WakuDevNode owner, WakuDevNode member, int shards)
    {
        this.owner = owner;
        this.member = member;
        this.shards = shards;
    }

    public Uri OwnerRest => owner.Rest;

    public Uri MemberRest => member.Rest;

    /// <summary>Returns when messages pass from one node to the other on every shard; both keep them for whoever polls first.</summary>
    public static async Task<WakuMesh> Start(int shards, CancellationToken cancellation)
    {
        var owner = await WakuDevNode.Start(cancellation);
        var member = await WakuDevNode.Start(owner.Multiaddr, logFile: null, cancellation);
        using var http = new HttpClient();
        var topics = Enumerable.Range(0, shards).Select(shard => TopicOf(shard).ToString()).ToArray();
        foreach (var node in new[] { owner, member })
        {
            // nwaku compares the whole header, so without a charset.
            using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(topics));
            body.Headers.TryAddWithoutValidation("Content-Type", "application/json");
            using var answer = await http.PostAsync(new Uri(node.Rest, "relay/v1/subscriptions"), body, cancellation);
            answer.EnsureSuccessStatusCode();
        }
        await Deadline.Until("the Waku nodes share every shard", Meshed, MeshLimit, cancellation);
        return new WakuMesh(owner, member, shards);

        async Task<bool> Meshed()
        {
            var mesh = await http.GetFromJsonAsync<JsonElement>(new Uri(owner.Rest, "admin/v1/peers/mesh"), cancellation);
            return mesh.EnumerateArray().Count(topic => topic.GetProperty("peers").GetArrayLength() > 0) >= shards;
        }
    }

    /// <summary>A shard that no line has had.</summary>
    public PubsubTopic NextTopic()
    {
        var shard = Interlocked.Increment(ref given) - 1;
        return shard < shards ? TopicOf(shard) : throw new InvalidOperationException($"All {shards} shards are taken.");
    }

    /// <summary>Every message that was ever sent on the community's magnetlink channels of this shard.</summary>
    public async Task<IReadOnlyList<WakuMessage>> Sent(PubsubTopic topic, CommunityId community, CancellationToken cancellation)
    {
        using var http = WakuServices.NewHttpClient();
        var client = new NwakuClient(http, new WakuOptions { Node = owner.Rest }, TimeProvider.System);
        var channels = MagnetlinkChannels.Of(community).Select(chat => ContentTopic.OfChat(chat).Name);
        var page = await client.Query(new StoreQuery(topic, [.. channels], DateTimeOffset.UnixEpoch), cursor: null, cancellation);
        return page.Cursor is null ? page.Messages : throw new InvalidOperationException("More than a hundred announcements were sent.");
    }

    public async ValueTask DisposeAsync()
    {
        await owner.DisposeAsync();
        await member.DisposeAsync();
    }

    private static PubsubTopic TopicOf(int shard) => new(Cluster, (ushort)(FirstShard + shard));
}
