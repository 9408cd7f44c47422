using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EventArchive.Service;

/// <summary>What a verb has to say: JSON for programs, rows of name and value for people.</summary>
public static class Output
{
    /// <summary>For a terminal or a program, never for a page: the ampersands of a magnet stay what they are.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static int Write(ParseResult parsed, object value, Action? readable = null)
    {
        if (parsed.GetValue(CommandLine.JsonOption))
            Console.WriteLine(JsonSerializer.Serialize(value, value.GetType(), Json));
        else if (readable is not null)
            readable();
        else
            WriteRows(JsonSerializer.SerializeToElement(value, value.GetType(), Json));
        return 0;
    }

    /// <summary>
    /// Aligned columns, never folded: a row stays one line for grep and for a narrow terminal. A head that begins with &gt; puts its
    /// column to the right, as numbers stand.
    /// </summary>
    public static void WriteTable(params IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var right = rows[0].Select(head => head.StartsWith('>')).ToArray();
        IReadOnlyList<string>[] table =
        [
            [.. rows[0].Select(head => head.TrimStart('>'))],
            .. rows.Skip(1),
        ];
        var widths = right.Select((_, column) => table.Max(row => row[column].Length)).ToArray();
        foreach (var row in table)
            Console.WriteLine(
                string.Join("  ", row.Select((cell, i) => right[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd()
            );
    }

    private static void WriteRows(JsonElement value)
    {
        var properties = value.EnumerateObject().ToList();
        var width = properties.Count == 0 ? 0 : properties.Max(property => property.Name.Length);
        foreach (var property in properties)
            Console.WriteLine($"{property.Name.PadRight(width)}  {property.Value}");
    }
}
