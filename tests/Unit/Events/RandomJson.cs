using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EventArchive.Tests.Unit.Events;

/// <summary>Random values, and the same value in another spelling.</summary>
internal static class RandomJson
{
    private static readonly string[] Pieces =
    [
        "a",
        "B",
        "é",
        "€",
        "😀",
        "\uffee",
        "\"",
        "\\",
        "/",
        "\n",
        "\u0001",
        "\u2028",
        "+",
        "<",
        " ",
        "\u007f",
    ];
    private static readonly string[] Numbers =
    [
        "0",
        "-1",
        "42",
        "1.25",
        "18446744073709551615",
        "9007199254740993",
        "-0.001",
        "1e3",
        "5E-2",
    ];

    public static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    public static string Value(Random random, int depth) =>
        random.Next(depth > 0 ? 6 : 4) switch
        {
            0 => Numbers[random.Next(Numbers.Length)],
            1 => "true",
            2 => "null",
            3 => JsonSerializer.Serialize(Text(random)),
            4 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1)))}]",
            _ => Object(Enumerable.Range(0, random.Next(5)).Select(_ => Text(random)).Distinct(), _ => Value(random, depth - 1)),
        };

    /// <summary>Members in another order, other escapes, white space.</summary>
    public static string Respelt(Random random, byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return Respelt(random, document.RootElement);
    }

    private static string Respelt(Random random, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => Object(
                value.EnumerateObject().OrderBy(_ => random.Next()).Select(member => member.Name),
                name => Respelt(random, value.GetProperty(name))
            ),
            JsonValueKind.Array => $"[ {string.Join(" ,", value.EnumerateArray().Select(element => Respelt(random, element)))}]",
            JsonValueKind.String => random.Next(2) == 0
                ? JsonSerializer.Serialize(value.GetString())
                : $"\"{JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All).Encode(value.GetString()!)}\"",
            JsonValueKind.Number => random.Next(2) == 0 ? value.GetRawText() : value.GetRawText() + "e0",
            _ => value.GetRawText(),
        };

    private static string Object(IEnumerable<string> names, Func<string, string> value) =>
        new StringBuilder("{")
            .AppendJoin(", ", names.Select(name => $"{JsonSerializer.Serialize(name)} : {value(name)}"))
            .Append('}')
            .ToString();
}
