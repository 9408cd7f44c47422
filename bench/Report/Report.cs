using System.Diagnostics;
using System.Globalization;
using System.Text;
using EventArchive.Testing;

namespace EventArchive.Bench;

/// <summary>Tables as Markdown, printed as they grow and kept as one section of bench/RESULTS.md.</summary>
internal sealed class Report(string name, string how)
{
    private readonly List<BenchTable> tables = [];

    public BenchTable Table(string title, params string[] columns)
    {
        var table = new BenchTable(title, columns);
        tables.Add(table);
        return table;
    }

    public void Progress(string text) => Console.Error.WriteLine(text);

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"## {name}\n\n{how}\n");
        foreach (var table in tables)
            text.Append(table);
        return text.ToString();
    }

    /// <summary>Puts this section in the place of the earlier one of the same name.</summary>
    public async Task Save()
    {
        var path = Repository.File("bench", "RESULTS.md");
        var old = File.Exists(path) ? await File.ReadAllTextAsync(path) : "# Results\n";
        var at = old.IndexOf($"\n## {name}\n", StringComparison.Ordinal);
        var after = at < 0 ? -1 : old.IndexOf("\n## ", at + 1, StringComparison.Ordinal);
        var rest = at < 0 ? old : old[..at].TrimEnd() + "\n" + (after < 0 ? "" : old[after..]);
        await File.WriteAllTextAsync(path, rest.TrimEnd() + "\n\n" + this);
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    public static async Task<string> Commit()
    {
        using var git = Process.Start(
            new ProcessStartInfo("git", ["describe", "--always", "--dirty", "--abbrev=12"])
            {
                WorkingDirectory = Repository.File(),
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        return (await git.StandardOutput.ReadToEndAsync()).Trim();
    }
}
