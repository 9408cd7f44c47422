using System.ComponentModel;
using System.Diagnostics;

namespace EventArchive.Bench.Archives;

/// <summary>A foreign program over a finished folder.</summary>
internal static class TimedProgram
{
    /// <summary>Megabytes a second, the median; a dash when the program is not installed.</summary>
    public static string Rate(int rounds, long bytes, string made, string program, IEnumerable<string> arguments)
    {
        List<double> rates = [];
        try
        {
            for (var round = 0; round < rounds; round++)
            {
                File.Delete(made);
                var clock = Stopwatch.StartNew();
                using var process = Process.Start(
                    new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false }
                )!;
                process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                if (process.ExitCode != 0)
                    throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
                rates.Add(bytes / 1_000_000d / clock.Elapsed.TotalSeconds);
            }
        }
        catch (Win32Exception)
        {
            return "–";
        }
        File.Delete(made);
        return $"{Report.Median(rates):N0}";
    }
}
