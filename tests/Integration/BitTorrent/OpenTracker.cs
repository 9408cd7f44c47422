using System.Text;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>
/// Debian's opentracker on a free port of 127.0.0.1, TCP and UDP, run by the script that the container of a deployment runs. It answers for the
/// info-hashes alone that the service names, here something that stands in for it.
/// </summary>
public sealed class OpenTracker : IAsyncDisposable
{
    /// <summary>A peer that asks, to see whether it gets an answer. One that says it is leaving is answered whatever it asks for.</summary>
    private const string Stranger = "peer_id=--------------------&port=1&uploaded=0&downloaded=0&left=1&compact=1";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly int port = ForeignProgram.FreePort();
    private readonly WebApplication service;
    private readonly ForeignProgram program;

    private OpenTracker(WebApplication service)
    {
        this.service = service;
        // It gives up root for another user, who must be able to read the folder that it changes its root to.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
        program = ForeignProgram.Start(
            "env",
            "coreutils",
            folder.Path,
            $"EVENTARCHIVE_API={service.Urls.Single()}",
            "OPENTRACKER_ADDRESS=127.0.0.1",
            $"OPENTRACKER_PORT={port}",
            $"OPENTRACKER_FOLDER={folder.Path}",
            "FOLLOW_SECONDS=1",
            Repository.File("infra", "opentracker", "follow.sh")
        );
    }

    public static async Task<OpenTracker> Start(TorrentContent allowed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var service = builder.Build();
        service.MapGet("/seeding/info-hashes", () => Results.Text($"{allowed.InfoHash}\n"));
        await service.StartAsync(TestContext.Current.CancellationToken);
        var tracker = new OpenTracker(service);
        await Deadline.Until(
            "opentracker knows the torrent",
            async () =>
                await tracker.Ask($"announce?{Query(allowed.InfoHash)}&{Stranger}") is { } answer && !answer.Contains("failure reason"),
            Limit,
            TestContext.Current.CancellationToken
        );
        await tracker.Ask($"announce?{Query(allowed.InfoHash)}&{Stranger}&event=stopped");
        return tracker;
    }

    public Uri Announce(string scheme) => new($"{scheme}://127.0.0.1:{port}/announce");

    /// <summary>How many whole copies it knows of.</summary>
    public async Task<int> Complete(InfoHash infoHash)
    {
        const string field = "8:completei";
        var answer = await Ask($"scrape?{Query(infoHash)}") ?? "";
        var at = answer.IndexOf(field, StringComparison.Ordinal);
        return at < 0 ? 0 : int.Parse(answer[(at + field.Length)..answer.IndexOf('e', at + field.Length)]);
    }

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        await service.DisposeAsync();
        http.Dispose();
        folder.Dispose();
    }

    private static string Query(InfoHash infoHash) => "info_hash=" + string.Concat(infoHash.ToBytes().Select(one => $"%{one:x2}"));

    /// <summary>Null: it does not answer yet.</summary>
    private async Task<string?> Ask(string question)
    {
        try
        {
            var answer = await http.GetByteArrayAsync(
                new Uri($"http://127.0.0.1:{port}/{question}"),
                TestContext.Current.CancellationToken
            );
            return Encoding.Latin1.GetString(answer);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
