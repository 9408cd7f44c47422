namespace EventArchive.Bench;

internal sealed class BenchTable(string title, IReadOnlyList<string> columns)
{
    private readonly List<string[]> rows = [];

    public BenchTable Row(params string[] cells)
    {
        rows.Add(cells);
        Console.WriteLine($"{title}: {string.Join(", ", columns.Zip(cells, (column, cell) => $"{column} {cell}"))}");
        return this;
    }

    public override string ToString() =>
        $"\n### {title}\n\n| {string.Join(" | ", columns)} |\n|{string.Concat(columns.Select(_ => "---:|"))}\n"
        + string.Concat(rows.Select(row => $"| {string.Join(" | ", row)} |\n"));
}
