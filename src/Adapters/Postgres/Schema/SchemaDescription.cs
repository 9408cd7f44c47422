using System.Data.Common;

namespace EventArchive.Postgres;

/// <summary>
/// Our own tables as lines <c>kind name: definition</c>, with tables, columns, constraints, indexes, triggers, sequences and functions.
/// The expected lines are <c>Sql/schema.txt</c>.
/// </summary>
public static class SchemaDescription
{
    private const string Separator = ": ";
    private static readonly char[] EndsOfOwner = ['.', '(', ':'];

    public static IReadOnlyList<string> Expected { get; } = Sql.ReadText("schema.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>From the rows of <c>describe_schema.sql</c>, in the order of the file: owners by name, columns as they stand in the table.</summary>
    public static async Task<IReadOnlyList<string>> Read(DbDataReader reader, CancellationToken cancellation)
    {
        List<string> lines = [];
        while (await reader.ReadAsync(cancellation))
            lines.Add(reader.GetString(0));
        return lines;
    }

    /// <summary>
    /// What is missing, unexpected or different, one line each. Tables and functions of others are none of our business; of a table that
    /// is missing only the table is named.
    /// </summary>
    public static IReadOnlyList<string> Compare(IReadOnlyList<string> expected, IReadOnlyList<string> found)
    {
        var owners = expected.Select(OwnerOf).ToHashSet();
        var ours = found.Where(line => owners.Contains(OwnerOf(line))).ToDictionary(NameOf, DefinitionOf);
        var wanted = expected.ToDictionary(NameOf, DefinitionOf);
        var missing = wanted.Keys.Where(name => name.StartsWith("table ", StringComparison.Ordinal) && !ours.ContainsKey(name)).ToHashSet();
        return
        [
            .. wanted
                .Where(line => !ours.ContainsKey(line.Key))
                .Where(line => missing.Contains(line.Key) || !missing.Contains($"table {OwnerOf(line.Key)}"))
                .Select(line => $"missing: {line.Key}{Separator}{line.Value}"),
            .. ours.Where(line => !wanted.ContainsKey(line.Key)).Select(line => $"unexpected: {line.Key}{Separator}{line.Value}"),
            .. wanted
                .Where(line => ours.TryGetValue(line.Key, out var definition) && definition != line.Value)
                .Select(line => $"different: {line.Key}{Separator}{ours[line.Key]}; expected {line.Value}"),
        ];
    }

    /// <summary>The table, sequence or function that a line belongs to.</summary>
    private static string OwnerOf(string line)
    {
        var from = line.IndexOf(' ', StringComparison.Ordinal) + 1;
        var to = line.IndexOfAny(EndsOfOwner, from);
        return to < 0 ? line[from..] : line[from..to];
    }

    private static string NameOf(string line) => line[..EndOfName(line)];

    private static string DefinitionOf(string line) => line[(EndOfName(line) + Separator.Length)..];

    /// <summary>A default of a function's parameter may hold the separator: a name with parentheses ends behind them.</summary>
    private static int EndOfName(string line) =>
        line.StartsWith("function ", StringComparison.Ordinal)
            ? line.LastIndexOf("): returns ", StringComparison.Ordinal) + 1
            : line.IndexOf(Separator, StringComparison.Ordinal);
}
