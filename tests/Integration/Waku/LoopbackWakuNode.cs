using System.Diagnostics;
using System.Text.Json;

namespace EventArchive.Tests.Waku;

/// <summary>The development node of infra/waku-node on loopback, with ports that it keeps when it is started again.</summary>
internal sealed class LoopbackWakuNode : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string? peer;
    private Process process;

    private LoopbackWakuNode(Process process, Greeting greeting, string? peer)
    {
        this.process = process;
        this.peer = peer;
        Rest = new Uri(greeting.Rest);
        DialAddress = greeting.Multiaddr[..greeting.Multiaddr.IndexOf("/p2p/", StringComparison.Ordinal)];
    }

    public Uri Rest { get; }

    /// <summary>Without the peer's id, which is another one after a restart.</summary>
    public string DialAddress { get; }

    public static async Task<LoopbackWakuNode> Start(string? peer, CancellationToken cancellation)
    {
        var (process, greeting) = await Run("127.0.0.1:0", "0", peer, cancellation);
        return new LoopbackWakuNode(process, greeting, peer);
    }

    public async Task Kill()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    public async Task Restart(CancellationToken cancellation)
    {
        await Kill();
        process.Dispose();
        (process, _) = await Run(Rest.Authority, DialAddress.Split('/')[^1], peer, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        process.Dispose();
    }

    private static async Task<(Process, Greeting)> Run(string rest, string listen, string? peer, CancellationToken cancellation)
    {
        var folder = Folder();
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
            throw new InvalidOperationException("Run npm ci --ignore-scripts in infra/waku-node first.");
        string[] connect = peer is null ? [] : ["--connect", peer];
        var start = new ProcessStartInfo("node", ["node.mjs", "--exit-with-parent", "--rest", rest, "--listen", listen, .. connect])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var started = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        var line = await started.StandardOutput.ReadLineAsync(limit.Token);
        return line is null
            ? throw new InvalidOperationException("The Waku node ended at its start.")
            : (started, JsonSerializer.Deserialize<Greeting>(line, JsonSerializerOptions.Web)!);
    }

    private static string Folder()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root!.FullName, "EventArchive.sln")))
            root = root.Parent;
        return Path.Combine(root.FullName, "infra", "waku-node");
    }

    private sealed record Greeting(string Rest, string Multiaddr);
}
