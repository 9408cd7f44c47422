using System.Text;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Tests.Integration.Cli;
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

    private const string Key = "a-key-of-the-service";
    private const string User = "_opentracker";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TempFolder folder = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly int port = FreePort.Next();
    private readonly WebApplication service;
    private readonly ForeignProgram program;

    private OpenTracker(WebApplication service)
    {
        this.service = service;
        // As in its container: another user, who must be able to enter the folder, and to write what is below.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
        var script = Path.Combine(folder.Path, "follow");
        File.Copy(Repository.File("infra", "opentracker", "follow.sh"), script);
        var (run, isRoot) = (folder.Sub("run"), Environment.UserName == "root");
        if (isRoot)
            SmallDisk.Run("chown", User, run);
        string[] user = isRoot ? ["setpriv", "--reuid", User, "--regid", User, "--init-groups", "--"] : [];
        program = ForeignProgram.Start(
            "env",
            "coreutils",
            folder.Path,
            [
                .. user,
                "env",
                $"EVENTARCHIVE_API_KEY={Key}",
                $"EVENTARCHIVE_API={service.Urls.Single()}",
                "OPENTRACKER_ADDRESS=127.0.0.1",
                $"OPENTRACKER_PORT={port}",
                $"OPENTRACKER_FOLDER={run}",
                "FOLLOW_SECONDS=1",
                script,
            ]
        );
    }

    public static async Task<OpenTracker> Start(TorrentContent allowed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var service = builder.Build();
        var list = $"{allowed.InfoHash}\n";
        service.MapGet(
            "/seeding/info-hashes",
            (HttpRequest request) => request.Headers.Authorization == $"Bearer {Key}" ? Results.Text(list) : Results.Unauthorized()
        );
        service.MapDelete("/seeding/info-hashes", () => list = "");
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

    /// <summary>The service names no torrent any more; returns when the tracker refuses this one.</summary>
    public async Task Forget(InfoHash infoHash)
    {
        using (await http.DeleteAsync(new Uri($"{service.Urls.Single()}/seeding/info-hashes"), TestContext.Current.CancellationToken)) { }
        await Deadline.Until(
            "opentracker refuses the torrent",
            async () => await Ask($"announce?{Query(infoHash)}&{Stranger}") is { } answer && answer.Contains("failure reason"),
            Limit,
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>As a container is stopped; returns the script's exit code when nothing of it answers any more.</summary>
    public async Task<int> Stop(CancellationToken cancellation)
    {
        // env and setpriv have become the script.
        SmallDisk.Run("kill", "-TERM", $"{program.Id}");
        var code = await program.Exit(cancellation);
        await Deadline.Until("opentracker is gone", async () => await Ask("scrape") is null, Limit, cancellation);
        return code;
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
