using System.Text.Json;

namespace EventArchive.Service;

/// <summary>What is wrong with a JSON text, in a sentence without names of C# types and without the text itself.</summary>
public static class JsonFault
{
    private const string Conversion = "The JSON value could not be converted";
    private const string Unmapped = "The JSON property '";
    private const string PathMark = " Path: ";

    public static string Tell(JsonException fault)
    {
        var field = Field(fault.Path);
        if (IsWrongKind(fault))
            return $"{(field.Length > 0 ? field : "The JSON")} has a value of the wrong kind{Place(fault)}.";
        if (fault.Message.StartsWith(Unmapped, StringComparison.Ordinal))
            return $"There is no field {fault.Message.Split('\'')[1]}.";
        var end = fault.Message.IndexOf(PathMark, StringComparison.Ordinal);
        var text = (end < 0 ? fault.Message : fault.Message[..end]).TrimEnd('.');
        return $"{(field.Length > 0 ? field + ": " : "")}{text}{Place(fault)}.";
    }

    /// <summary>A text where a number is due, and the like; the message then names a C# type.</summary>
    public static bool IsWrongKind(JsonException fault) => fault.Message.StartsWith(Conversion, StringComparison.Ordinal);

    /// <summary>The field a JSON path begins with; empty for the whole.</summary>
    public static string Field(string? path) => path is null || !path.StartsWith("$.", StringComparison.Ordinal) ? "" : path[2..];

    private static string Place(JsonException fault) =>
        fault is { LineNumber: { } line, BytePositionInLine: { } position } ? $" (line {line + 1}, byte {position + 1})" : "";
}
