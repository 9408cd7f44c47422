using System.Diagnostics;
using System.Text.Json;
using EventArchive.Testing;

namespace EventArchive.Bench.BitTorrent;

/// <summary>A program that has said its one line of JSON and runs on until it is disposed.</summary>
internal sealed class RunningProgram(ServerProcess process, JsonElement answer) : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    public JsonElement Answer { get; } = answer;

    public double CpuSeconds => CpuTime.Of(process.Id);

    public double ResidentMegabytes => CpuTime.ResidentMegabytes(process.Id);

    public double Number(string name) => Answer.GetProperty(name).GetDouble();

    public string Peer => Answer.GetProperty("peer").GetString()!;

    public static async Task<RunningProgram> Start(string file, IEnumerable<string> arguments, TimeSpan limit)
    {
        var process = ServerProcess.Start(new ProcessStartInfo(file, arguments));
        var line = await process.Line(text => text.StartsWith('{'), limit, CancellationToken.None);
        return new RunningProgram(process, JsonDocument.Parse(line).RootElement);
    }

    /// <summary>Its input closes, and it ends by itself: what it writes at its end is written.</summary>
    public async ValueTask DisposeAsync()
    {
        process.CloseInput();
        await process.Exit(StopLimit, CancellationToken.None);
        await process.DisposeAsync();
    }
}
