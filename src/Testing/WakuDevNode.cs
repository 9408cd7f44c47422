using System.Diagnostics;
using System.Text.Json;

namespace EventArchive.Testing;

/// <summary>
/// The Waku development node of infra/waku-node on 127.0.0.1: REST calls in front, a gossipsub mesh behind. It ends with this process.
/// </summary>
public sealed class WakuDevNode : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly IReadOnlyList<string> arguments;
    private readonly string? logFile;
    private ServerProcess process;

    private WakuDevNode(ServerProcess process, Greeting greeting, IReadOnlyList<string> arguments, string? logFile)
    {
        this.process = process;
        this.arguments = arguments;
        this.logFile = logFile;
        Rest = new Uri(greeting.Rest);
        Multiaddr = greeting.Multiaddr;
    }

    /// <summary>The address of the REST calls, http://127.0.0.1:port.</summary>
    public Uri Rest { get; }

    /// <summary>Where other nodes dial this one: /ip4/127.0.0.1/tcp/port/p2p/id. The id is a new one after a restart.</summary>
    public string Multiaddr { get; private set; }

    /// <summary>The multiaddr without the id: a peer that dials this one finds the node again after a restart.</summary>
    public string DialAddress => $"/ip4/127.0.0.1/tcp/{PortOf(Multiaddr)}";

    public int ProcessId => process.Id;

    public static Task<WakuDevNode> Start(CancellationToken cancellation) => Start(peer: null, logFile: null, cancellation);

    /// <param name="peer">The multiaddr of a node to dial, and to dial again whenever it is lost; null for none.</param>
    /// <param name="logFile">Receives the node's output; null for nowhere.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static Task<WakuDevNode> Start(string? peer, string? logFile, CancellationToken cancellation) =>
        Start(peer is null ? [] : ["--connect", peer], logFile, cancellation);

    /// <param name="arguments">Of the program, beside its ports: <c>node.mjs --help</c> tells them.</param>
    /// <param name="logFile">Receives the node's output; null for nowhere.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<WakuDevNode> Start(IReadOnlyList<string> arguments, string? logFile, CancellationToken cancellation)
    {
        // An ephemeral port could be taken by a connection while the node is stopped for a restart.
        var (started, greeting) = await Run($"127.0.0.1:{FreePort.Next()}", $"{FreePort.Next()}", arguments, logFile, cancellation);
        return new WakuDevNode(started, greeting, arguments, logFile);
    }

    /// <summary>Ends the node at once.</summary>
    public async Task Kill() => await process.DisposeAsync();

    /// <summary>Kills the node if it runs and starts it again on the same two ports.</summary>
    public async Task Restart(CancellationToken cancellation)
    {
        await Kill();
        (process, var greeting) = await Run(Rest.Authority, PortOf(Multiaddr), arguments, logFile, cancellation);
        Multiaddr = greeting.Multiaddr;
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<(ServerProcess Process, Greeting Greeting)> Run(
        string rest,
        string listen,
        IReadOnlyList<string> arguments,
        string? logFile,
        CancellationToken cancellation
    )
    {
        var program = Repository.File("infra", "waku-node", "node.mjs");
        if (!Directory.Exists(Repository.File("infra", "waku-node", "node_modules")))
            throw new ServerFailedException("The Waku node's packages are missing: run infra/install.sh run.");
        var start = new ProcessStartInfo("node", [program, "--rest", rest, "--listen", listen, .. arguments, "--exit-with-parent"]);
        var started = ServerProcess.Start(start, logFile);
        try
        {
            var line = await started.Line(text => text.StartsWith('{'), StartLimit, cancellation);
            return (started, JsonSerializer.Deserialize<Greeting>(line, JsonSerializerOptions.Web)!);
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    private static string PortOf(string multiaddr)
    {
        var parts = multiaddr.Split('/');
        return parts[Array.IndexOf(parts, "tcp") + 1];
    }

    private sealed record Greeting(string Rest, string Multiaddr);
}
