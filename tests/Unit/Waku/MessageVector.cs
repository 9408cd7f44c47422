using System.Text.Json;
using EventArchive.Model;

namespace EventArchive.Tests.Waku;

/// <summary>One case of vectors/messages.json: what status-go's own code made and what its receiving side said.</summary>
internal sealed class MessageVector(JsonElement json)
{
    private static readonly JsonElement File = Load("messages.json");

    public static IEnumerable<string> Names =>
        File.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("name").GetString()!);

    public JsonElement Input => json.GetProperty("input");

    public JsonElement Encoded => json.GetProperty("encoded");

    public JsonElement Decoded => json.GetProperty("statusGoDecode");

    public bool Accepted => json.GetProperty("accepted").GetBoolean();

    public bool HasInput => json.TryGetProperty("input", out _);

    /// <summary>The tampered case stands alone with its payload.</summary>
    public byte[] TopPayload => Hex.Decode(json.GetProperty("wakuPayload").GetString()!, "wakuPayload");

    public static MessageVector Named(string name) =>
        new(File.GetProperty("cases").EnumerateArray().Single(one => one.GetProperty("name").GetString() == name));

    public byte[] Bytes(string field) => Hex.Decode(Encoded.GetProperty(field).GetString()!, field);

    public byte[] Key(string field) => Hex.Decode(Input.GetProperty(field).GetString()!, field);

    public string Text(string field) => Encoded.GetProperty(field).GetString()!;

    public static JsonElement Load(string file) =>
        JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", file))).RootElement;
}
