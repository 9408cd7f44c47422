using System.Globalization;

namespace EventArchive.Bench.BitTorrent;

/// <summary>CPU seconds, user and system, of a running process (proc(5): stat).</summary>
internal static class CpuTime
{
    private const double TicksPerSecond = 100;

    public static double OfThisProcess() => Of(Environment.ProcessId);

    public static double Of(int processId)
    {
        // The name, in parentheses, may hold spaces: fields are counted behind it, from the third.
        var fields = File.ReadAllText($"/proc/{processId}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    public static double ResidentMegabytes(int processId) =>
        Number(
            File.ReadLines($"/proc/{processId}/status")
                .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]
        )
        * 1024
        / 1e6;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
