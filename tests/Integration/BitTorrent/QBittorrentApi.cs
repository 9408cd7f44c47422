using EventArchive.Testing;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>qBittorrent's Web API, version 2, without a sign-in on loopback.</summary>
public sealed class QBittorrentApi(int port) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = new Uri($"http://127.0.0.1:{port}/"),
    };

    /// <summary>Fetches a magnet to below <paramref name="folder"/>.</summary>
    public Task Add(string magnet, string folder) =>
        Call(() => new MultipartFormDataContent { { new StringContent(magnet), "urls" } }, folder);

    /// <summary>Seeds the files of a .torrent that lie below <paramref name="folder"/>.</summary>
    public Task Add(ReadOnlyMemory<byte> torrent, string folder) =>
        Call(() => new MultipartFormDataContent { { new ByteArrayContent(torrent.ToArray()), "torrents", "archive.torrent" } }, folder);

    public void Dispose() => http.Dispose();

    private Task Call(Func<MultipartFormDataContent> form, string folder) =>
        Deadline.Until("qBittorrent takes a torrent", () => Try(form(), folder), Limit, TestContext.Current.CancellationToken);

    private async Task<bool> Try(MultipartFormDataContent form, string folder)
    {
        form.Add(new StringContent(folder), "savepath");
        try
        {
            using var answer = await http.PostAsync("api/v2/torrents/add", form, TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return text.StartsWith("Ok", StringComparison.Ordinal)
                ? true
                : throw new InvalidOperationException($"{(int)answer.StatusCode} {text}");
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return false;
        }
        finally
        {
            form.Dispose();
        }
    }
}
