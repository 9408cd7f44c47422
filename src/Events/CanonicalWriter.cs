using System.Text.Json;

namespace EventArchive.Events;

/// <summary>Writes any JSON text anew in the canonical form.</summary>
internal sealed class CanonicalWriter : IDisposable
{
    private const int FirstBytes = 1024;

    private readonly CanonicalBuffer buffer = new(FirstBytes, CanonicalJson.MaxBytes);

    public void Dispose() => buffer.Dispose();

    /// <param name="json">Valid UTF-8.</param>
    /// <exception cref="JsonException">As for <see cref="CanonicalJson.Of"/>.</exception>
    public byte[] Rewrite(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = CanonicalJson.MaxDepth });
        reader.Read();
        Value(ref reader);
        // The end, or an exception for what stands behind the value.
        reader.Read();
        return buffer.Written.ToArray();
    }

    private void Value(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Members(ref reader);
                break;
            case JsonTokenType.StartArray:
                Elements(ref reader);
                break;
            case JsonTokenType.String:
                Text(ref reader);
                break;
            case JsonTokenType.Number:
                CanonicalNumber.Write(reader.ValueSpan, buffer);
                break;
            default:
                // null, true and false have one spelling.
                buffer.Add(reader.ValueSpan);
                break;
        }
    }

    private void Members(ref Utf8JsonReader reader)
    {
        buffer.Add((byte)'{');
        var start = buffer.Length;
        List<(string Name, Range Bytes)> members = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (members.Count > 0)
                buffer.Add((byte)',');
            var from = buffer.Length;
            var name = Text(ref reader);
            buffer.Add((byte)':');
            reader.Read();
            Value(ref reader);
            members.Add((name, from..buffer.Length));
        }
        Sort(start, members);
        buffer.Add((byte)'}');
    }

    private void Sort(int start, List<(string Name, Range Bytes)> members)
    {
        var order = members.ToArray();
        Array.Sort(order, (left, right) => string.CompareOrdinal(left.Name, right.Name));
        var sorted = true;
        for (var next = 1; next < order.Length; next++)
        {
            if (order[next - 1].Name == order[next].Name)
                throw new JsonException("An object names a member twice.");
            sorted &= order[next - 1].Bytes.Start.Value < order[next].Bytes.Start.Value;
        }
        if (!sorted)
            buffer.Reorder(start, Array.ConvertAll(order, member => member.Bytes));
    }

    private void Elements(ref Utf8JsonReader reader)
    {
        buffer.Add((byte)'[');
        for (var first = true; reader.Read() && reader.TokenType != JsonTokenType.EndArray; first = false)
        {
            if (!first)
                buffer.Add((byte)',');
            Value(ref reader);
        }
        buffer.Add((byte)']');
    }

    private string Text(ref Utf8JsonReader reader)
    {
        try
        {
            var text = reader.GetString()!;
            buffer.AddText(text);
            return text;
        }
        catch (InvalidOperationException fault)
        {
            // How the reader says that escapes name half a surrogate pair.
            throw new JsonException("A text holds half a surrogate pair.", fault);
        }
    }
}
