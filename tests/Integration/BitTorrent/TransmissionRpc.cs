using System.Net;
using System.Net.Http.Json;
using EventArchive.Testing;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>Transmission's RPC (rpc-spec.txt, version 15): the first answer names a session id, which every later request carries.</summary>
public sealed class TransmissionRpc(int port) : IDisposable
{
    private const string SessionHeader = "X-Transmission-Session-Id";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{port}/transmission/rpc"),
    };

    /// <summary>Fetches a magnet into the download folder.</summary>
    public Task Add(string magnet) => Call("torrent-add", new { filename = magnet });

    /// <summary>Seeds the files of a .torrent that lie below <paramref name="folder"/>.</summary>
    public Task Add(ReadOnlyMemory<byte> torrent, string folder) =>
        Call(
            "torrent-add",
            new Dictionary<string, object> { ["metainfo"] = Convert.ToBase64String(torrent.Span), ["download-dir"] = folder }
        );

    public void Dispose() => http.Dispose();

    private Task Call(string method, object arguments) =>
        Deadline.Until($"Transmission takes {method}", () => Try(method, arguments), Limit, TestContext.Current.CancellationToken);

    private async Task<bool> Try(string method, object arguments)
    {
        try
        {
            using var answer = await http.PostAsJsonAsync("", new { method, arguments }, TestContext.Current.CancellationToken);
            if (answer.StatusCode == HttpStatusCode.Conflict)
            {
                http.DefaultRequestHeaders.Remove(SessionHeader);
                http.DefaultRequestHeaders.Add(SessionHeader, answer.Headers.GetValues(SessionHeader));
                return false;
            }
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return text.Contains("\"success\"", StringComparison.Ordinal) ? true : throw new InvalidOperationException($"{method}: {text}");
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return false;
        }
    }
}
