using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using EventArchive.Testing;

namespace EventArchive.Tests.Integration.BitTorrent;

/// <summary>Another project's BitTorrent program as a child process, ended with the test.</summary>
public sealed class ForeignProgram : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();

    private ForeignProgram(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
    }

    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    public static ForeignProgram Start(string program, string package, string home, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = home,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["HOME"] = home,
                ["http_proxy"] = "",
                ["no_proxy"] = "127.0.0.1",
            },
        };
        try
        {
            var started = new ForeignProgram(ChildProcess.Start(start));
            started.process.BeginOutputReadLine();
            started.process.BeginErrorReadLine();
            return started;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{program} is needed by this test: apt-get install {package}", e);
        }
    }

    public int Id => process.Id;

    public async Task<int> Exit(CancellationToken cancellation)
    {
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (output)
            output.AppendLine(line);
    }
}
