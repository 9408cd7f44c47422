namespace EventArchive.Bench.EventStore;

/// <summary>CPU seconds that this process and a PostgreSQL server have used (proc(5)); unlike a rate, hardly moved by what else the machine does.</summary>
internal sealed class CpuTime(string folder)
{
    private const double TicksPerSecond = 100;

    public (double Client, double Server) Read()
    {
        var client = Environment.CpuUsage.TotalTime.TotalSeconds;
        var postmaster = int.Parse(File.ReadLines(Directory.GetFiles(folder, "postmaster.pid", SearchOption.AllDirectories)[0]).First());
        double server = 0;
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                var stat = File.ReadAllText(Path.Combine(process, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (int.Parse(fields[1]) == postmaster)
                    server += (long.Parse(fields[11]) + long.Parse(fields[12])) / TicksPerSecond;
            }
            catch (IOException)
            {
                // It ended in between.
            }
        }
        return (client, server);
    }
}
