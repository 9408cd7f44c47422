using System.Security.Cryptography;
using System.Text.Json;
using EventArchive.Archives;
using EventArchive.Model;

namespace EventArchive.Tests.Archives;

/// <summary>A file of tests/Unit/vectors, made by running status-go's own code.</summary>
internal sealed class Vector
{
    private Vector(JsonElement json) => Json = json;

    public JsonElement Json { get; }

    public CommunityId CommunityId => CommunityId.Parse(Text("communityId"));

    public byte[] Index => Convert.FromHexString(Text("indexHex"));

    public byte[] TorrentFile => Convert.FromHexString(Text("torrentFileHex"));

    public byte[] Info => Convert.FromHexString(Text("infoBytesHex"));

    public IReadOnlyList<JsonElement> Archives => [.. Json.GetProperty("archives").EnumerateArray()];

    public static Vector Read(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", name + ".json")));
        return new(json.RootElement.Clone());
    }

    public string Text(string name) => Json.GetProperty(name).GetString()!;

    public long Number(string name) => Json.GetProperty(name).GetInt64();

    public MessageFile Input() => MessageFile.Parse(JsonSerializer.SerializeToUtf8Bytes(Json.GetProperty("input")));

    /// <summary>The bytes of <c>data</c>, where the vector holds every raw archive.</summary>
    public byte[] Data() =>
        [
            .. Archives.SelectMany(a =>
                Convert.FromHexString(a.GetProperty("rawHex").GetString()!).Concat(new byte[a.GetProperty("padding").GetInt32()])
            ),
        ];

    public IReadOnlyList<ArchiveEntry> Entries() =>
        [
            .. Archives.Select(a => new ArchiveEntry(
                ArchiveId.Parse(a.GetProperty("id").GetString()!),
                a.GetProperty("from").GetUInt64(),
                a.GetProperty("to").GetUInt64(),
                a.GetProperty("offset").GetInt64(),
                a.GetProperty("size").GetInt64(),
                a.GetProperty("padding").GetInt64()
            )),
        ];

    public static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
