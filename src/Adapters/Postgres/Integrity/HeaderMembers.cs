using System.Text.Json;
using EventArchive.Events;

namespace EventArchive.Postgres;

/// <summary>The members of a JSON object of headers, to write it with one of them removed or replaced.</summary>
internal sealed class HeaderMembers
{
    private const string Previous = "previous";

    private readonly List<(string Name, byte[] Json)> members = [];

    private HeaderMembers() { }

    public IEnumerable<string> Names => members.Select(member => member.Name);

    /// <param name="canonical">An object in canonical form.</param>
    public static HeaderMembers Of(ReadOnlySpan<byte> canonical)
    {
        var found = new HeaderMembers();
        var reader = new Utf8JsonReader(canonical);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            found.members.Add((name, canonical[start..(int)reader.BytesConsumed].ToArray()));
        }
        return found;
    }

    /// <summary>In canonical form, without the member of this name.</summary>
    public byte[] Without(string name) => Write(members.Where(member => member.Name != name));

    /// <summary>In canonical form, as a writer behind this hash has them.</summary>
    public byte[] Behind(EventHash? previous) =>
        Write(
            members.Where(member => member.Name != Previous).Append((Previous, JsonSerializer.SerializeToUtf8Bytes(previous?.ToString())))
        );

    private static byte[] Write(IEnumerable<(string Name, byte[] Json)> members)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (name, json) in members)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(json, skipInputValidation: true);
            }
            writer.WriteEndObject();
        }
        return CanonicalJson.Of(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }
}
