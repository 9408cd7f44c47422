using System.Text.Json;
using EventArchive.Testing;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>A running <c>eventarchive seed</c>.</summary>
internal sealed class Seeding : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly ServerProcess process;

    private Seeding(ServerProcess process, JsonElement greeting)
    {
        this.process = process;
        Peer = greeting.GetProperty("peer").GetString()!;
        Magnet = greeting.GetProperty("torrents")[0].GetProperty("magnet").GetString()!;
    }

    public string Peer { get; }

    public string Magnet { get; }

    public int ProcessId => process.Id;

    public static async Task<Seeding> Start(string folder, CancellationToken cancellation, params string[] more)
    {
        var started = Verb.Start(["seed", folder, "--listen", "127.0.0.1:0", "--json", .. more]);
        try
        {
            var line = await started.Line(text => text.StartsWith('{'), Limit, cancellation);
            return new Seeding(started, JsonDocument.Parse(line).RootElement);
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends TERM or INT and returns the exit code.</summary>
    public async Task<int> Signal(string signal, CancellationToken cancellation)
    {
        using var kill = ChildProcess.Start("kill", "-s", signal, $"{process.Id}");
        await kill.WaitForExitAsync(cancellation);
        return await process.Exit(Limit, cancellation);
    }

    public string Tail => process.Tail;

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
