using System.Diagnostics;

namespace EventArchive.Testing;

/// <summary>One run of a program that ends by itself: its exit code and what it printed.</summary>
internal sealed record ExternalTool(int ExitCode, string Output, string Error)
{
    public static Task<ExternalTool> Run(string file, IEnumerable<string> arguments, CancellationToken cancellation) =>
        Run(new ProcessStartInfo(file, arguments), cancellation);

    public static async Task<ExternalTool> Run(ProcessStartInfo start, CancellationToken cancellation)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = ChildProcess.Start(start);
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return new ExternalTool(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
