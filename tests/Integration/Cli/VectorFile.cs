using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EventArchive.Tests.Integration.Cli;

/// <summary>A test vector made by running status-go's own code, and its input as a file for the command line.</summary>
internal sealed class VectorFile(string name)
{
    public JsonElement Json { get; } =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", name + ".json"))).RootElement;

    public string CommunityId => Text("communityId");

    public IReadOnlyList<JsonElement> Messages => [.. Json.GetProperty("input").GetProperty("messages").EnumerateArray()];

    public string Text(string field) => Json.GetProperty(field).GetString()!;

    public byte[] Bytes(string field) => Convert.FromHexString(Text(field));

    /// <summary>Writes the input into the folder; <paramref name="change"/> spoils it first.</summary>
    public string WriteInput(string folder, Action<JsonObject>? change = null)
    {
        var input = JsonObject.Create(Json.GetProperty("input"))!;
        change?.Invoke(input);
        var path = Path.Combine(folder, name + ".json");
        File.WriteAllText(path, input.ToJsonString());
        return path;
    }

    public static string Sha256(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    /// <summary>Every file below a folder with its hash: equal before and after, when nothing was written.</summary>
    public static IReadOnlyList<string> Snapshot(string folder) =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
                    .Select(file => $"{Path.GetRelativePath(folder, file)} {Sha256(file)}"),
            ]
            : ["(no folder)"];
}
