using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Web;
using EventArchive.Model;
using EventArchive.Waku;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventArchive.Tests.Waku;

/// <summary>
/// A node that answers nwaku's REST calls out of memory, and by a seeded chance badly: too late, with 5xx or 429, with what is no JSON, with a
/// cut connection, with an answer that breaks off, with everything twice. What it hides is a gap in its store.
/// </summary>
internal sealed class FaultServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Lock gate = new();
    private readonly Random random;
    private readonly List<(PubsubTopic Topic, WakuMessage Message, string Hash)> stored = [];
    private readonly Dictionary<string, List<WakuMessage>> caches = [];
    private int failing;
    private int asked;

    private FaultServer(WebApplication app, int seed)
    {
        this.app = app;
        random = new Random(seed);
    }

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>How many of a hundred requests go wrong.</summary>
    public int FaultsPerHundred { get; set; }

    /// <summary>Polls and pages hold every message twice.</summary>
    public bool Repeats { get; set; }

    /// <summary>What the store does not have, by the message's number among all.</summary>
    public Func<int, bool> Hides { get; set; } = _ => false;

    /// <summary>Parts of paths that are always answered with 503.</summary>
    public IReadOnlyList<string> Refuses { get; set; } = [];

    public int Requests => Volatile.Read(ref asked);

    public bool IsSubscribed
    {
        get
        {
            lock (gate)
                return caches.Count > 0;
        }
    }

    public int Failures => Volatile.Read(ref failing);

    public static async Task<FaultServer> Start(int seed, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        var server = new FaultServer(web, seed);
        web.Run(server.Answer);
        await web.StartAsync(cancellation);
        return server;
    }

    /// <summary>As if the message had come over the mesh.</summary>
    public void Hear(PubsubTopic topic, WakuMessage message)
    {
        lock (gate)
        {
            stored.Add((topic, message, Hex.Encode(message.Hash(topic))));
            foreach (var key in new[] { topic.ToString(), message.ContentTopic })
            {
                if (caches.TryGetValue(key, out var cache))
                    cache.Add(message);
            }
        }
    }

    /// <summary>As after a restart: nobody is subscribed.</summary>
    public void ForgetSubscriptions()
    {
        lock (gate)
            caches.Clear();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        // The path as it was sent: topics have slashes of their own.
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        using var reader = new StreamReader(context.Request.Body);
        var request = await reader.ReadToEndAsync(context.RequestAborted);
        Interlocked.Increment(ref asked);
        var fault = Fault(target);
        if (fault == 1)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        if (fault is 1 or 2)
        {
            context.Abort();
            return;
        }
        var (status, body) = fault switch
        {
            3 => (500, "Failed"),
            4 => (429, "Too many"),
            5 => (200, "<html>not a node</html>"),
            9 => (503, "No peer"),
            _ => Route(context.Request.Method, target, request),
        };
        context.Response.StatusCode = status;
        var bytes = Encoding.UTF8.GetBytes(body);
        if (fault == 6 && bytes.Length > 2)
        {
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
            return;
        }
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private int Fault(string target)
    {
        lock (gate)
        {
            if (Refuses.Any(target.Contains))
                return 9;
            if (random.Next(100) >= FaultsPerHundred)
                return 0;
            failing++;
            // An answer to a poll that is lost takes the messages along: on it, only what the node refuses before.
            return target.Contains("/messages/", StringComparison.Ordinal) ? 3 : random.Next(1, 7);
        }
    }

    private (int Status, string Body) Route(string method, string target, string body)
    {
        var (path, query) = target.Split('?') is [var before, var behind] ? (before, behind) : (target, "");
        lock (gate)
        {
            return (method, path) switch
            {
                ("GET", "/health") => (200, """{"nodeHealth":"READY","protocolsHealth":[{"Relay":"READY"}]}"""),
                ("GET", "/admin/v1/peers/connected") => (200, """[{"multiaddr":"/ip4/127.0.0.1/tcp/1"}]"""),
                ("POST", "/relay/v1/subscriptions") => Subscribe(JsonSerializer.Deserialize<string[]>(body)!),
                ("POST", "/filter/v2/subscriptions") => Subscribe(
                    JsonDocument.Parse(body).RootElement.GetProperty("contentFilters").Deserialize<string[]>()!
                ),
                ("GET", _) when path.StartsWith("/filter/v2/subscriptions/", StringComparison.Ordinal) => (
                    caches.Count > 0 ? 200 : 404,
                    ""
                ),
                ("POST", "/lightpush/v3/message") => Publish(
                    JsonDocument.Parse(body).RootElement.GetProperty("pubsubTopic").GetString()!,
                    JsonDocument.Parse(body).RootElement.GetProperty("message").GetRawText(),
                    mustBeSubscribed: false
                ),
                ("POST", _) when Key(path, "/relay/v1/messages/") is { } topic => Publish(topic, body, mustBeSubscribed: true),
                ("GET", _) when Key(path, "/relay/v1/messages/") is { } topic => Poll(topic, 404),
                ("GET", _) when Key(path, "/filter/v2/messages/") is { } topic => Poll(topic, 400),
                ("GET", "/store/v3/messages") => Query(query),
                _ => (400, "Bad request initiated. Invalid path or method used."),
            };
        }
    }

    private static string? Key(string path, string prefix) =>
        path.StartsWith(prefix, StringComparison.Ordinal) ? Uri.UnescapeDataString(path[prefix.Length..]) : null;

    private (int, string) Subscribe(IEnumerable<string> keys)
    {
        foreach (var key in keys)
            caches.TryAdd(key, []);
        return (200, "OK");
    }

    private (int, string) Publish(string topic, string json, bool mustBeSubscribed)
    {
        if (mustBeSubscribed && !caches.ContainsKey(topic))
            return (400, $"Failed to publish: Node not subscribed to topic: {topic}");
        var message = NwakuJson.ReadMessages(Encoding.UTF8.GetBytes($"[{json}]")).Messages.Single();
        Hear(PubsubTopic.Parse(topic), message);
        return (200, "OK");
    }

    private (int, string) Poll(string key, int notSubscribed)
    {
        if (!caches.TryGetValue(key, out var cache))
            return (notSubscribed, "");
        var text = $"[{string.Join(',', Twice(cache).Select(Json))}]";
        cache.Clear();
        return (200, text);
    }

    private (int, string) Query(string query)
    {
        var wanted = HttpUtility.ParseQueryString(query);
        var rows = stored.Where((row, number) => !Hides(number)).DistinctBy(row => row.Hash);
        if (wanted["hashes"] is { } hashes)
            rows = rows.Where(row => hashes.Split(',').Contains(row.Hash));
        if (wanted["pubsubTopic"] is { } topic)
            rows = rows.Where(row => row.Topic.ToString() == topic);
        if (wanted["contentTopics"] is { } contentTopics)
            rows = rows.Where(row => contentTopics.Split(',').Contains(row.Message.ContentTopic));
        if (wanted["startTime"] is { } from)
            rows = rows.Where(row => row.Message.Timestamp >= long.Parse(from, CultureInfo.InvariantCulture));
        if (wanted["endTime"] is { } to)
            rows = rows.Where(row => row.Message.Timestamp <= long.Parse(to, CultureInfo.InvariantCulture));
        var list = rows.OrderBy(row => row.Message.Timestamp).ThenBy(row => row.Hash, StringComparer.Ordinal).ToList();
        if (wanted["ascending"] == "false")
            list.Reverse();
        var start = wanted["cursor"] is { } cursor ? list.FindIndex(row => row.Hash == cursor) + 1 : 0;
        var page = list.Skip(start).Take(int.Parse(wanted["pageSize"] ?? "20", CultureInfo.InvariantCulture)).ToList();
        var next = start + page.Count < list.Count ? $$""","paginationCursor":"{{page[^1].Hash}}" """ : "";
        var messages = Twice(page).Select(row => $$"""{"messageHash":"{{row.Hash}}","message":{{Json(row.Message)}}}""");
        return (200, $$"""{"requestId":"","statusCode":200,"messages":[{{string.Join(',', messages)}}]{{next}}}""");
    }

    private IEnumerable<T> Twice<T>(IEnumerable<T> many) => Repeats ? many.Concat(many) : many;

    private static string Json(WakuMessage message) => Encoding.UTF8.GetString(NwakuJson.Write(message));
}
