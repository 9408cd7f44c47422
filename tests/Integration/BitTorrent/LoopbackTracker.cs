using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Web;
using EventArchive.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>An HTTP tracker (BEP 3, compact answers as BEP 23) on a free port of 127.0.0.1, for IPv4 peers.</summary>
public sealed class LoopbackTracker : IAsyncDisposable
{
    // Said twice: without "min interval" libtorrent waits 30 seconds.
    private const int IntervalSeconds = 5;

    private readonly ConcurrentDictionary<InfoHash, ConcurrentDictionary<PeerAddress, bool>> swarms = new();
    private readonly ConcurrentDictionary<PeerAddress, bool> askers = new();
    private readonly WebApplication app;
    private int requests;

    private LoopbackTracker(WebApplication app) => this.app = app;

    public Uri Announce => new(app.Urls.Single() + "/announce");

    public int Requests => Volatile.Read(ref requests);

    public bool Knows(InfoHash infoHash, PeerAddress peer) => swarms.TryGetValue(infoHash, out var swarm) && swarm.ContainsKey(peer);

    /// <summary>Ever, also if it has left since.</summary>
    public bool WasAskedBy(PeerAddress peer) => askers.ContainsKey(peer);

    public static async Task<LoopbackTracker> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var tracker = new LoopbackTracker(builder.Build());
        tracker.app.MapGet("/announce", tracker.Answer);
        await tracker.app.StartAsync(TestContext.Current.CancellationToken);
        return tracker;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private IResult Answer(HttpContext context)
    {
        Interlocked.Increment(ref requests);
        // The info-hash is 20 raw bytes: Latin-1 keeps them, UTF-8 would not.
        var query = HttpUtility.ParseQueryString(context.Request.QueryString.Value ?? "", Encoding.Latin1);
        var infoHash = InfoHash.FromBytes(Encoding.Latin1.GetBytes(query["info_hash"] ?? ""));
        var asker = new PeerAddress(IPAddress.Loopback, int.Parse(query["port"] ?? ""));
        askers[asker] = true;
        var swarm = swarms.GetOrAdd(infoHash, _ => new ConcurrentDictionary<PeerAddress, bool>());
        if (query["event"] == "stopped")
            swarm.TryRemove(asker, out _);
        else
            swarm[asker] = true;
        var others = swarm.Keys.Where(peer => peer != asker).ToList();
        var peers = query["compact"] == "1" ? Compact(others) : Listed(others);
        return Results.Bytes(
            [.. Encoding.ASCII.GetBytes($"d8:intervali{IntervalSeconds}e12:min intervali{IntervalSeconds}e5:peers"), .. peers, (byte)'e'],
            "text/plain"
        );
    }

    private static byte[] Compact(IReadOnlyCollection<PeerAddress> peers) =>
        [
            .. Encoding.ASCII.GetBytes($"{6 * peers.Count}:"),
            .. peers.SelectMany(peer => (byte[])[.. peer.Address.GetAddressBytes(), (byte)(peer.Port >> 8), (byte)peer.Port]),
        ];

    private static byte[] Listed(IEnumerable<PeerAddress> peers) =>
        Encoding.ASCII.GetBytes(
            $"l{string.Concat(peers.Select(peer => $"d2:ip{peer.Address.ToString().Length}:{peer.Address}4:porti{peer.Port}ee"))}e"
        );
}
