using System.Text.Json;
using EventArchive.Model;

namespace EventArchive.Archives;

/// <summary>
/// Hash ratchet keys as JSON: one object or a list of them, each with <c>communityId</c>, <c>key</c> (0x-hex of 32 bytes), <c>timestamp</c> and, if the
/// community used it already, <c>seqNo</c>, the highest number used. Faults name the place and nothing of a key.
/// </summary>
public static class RatchetKeyFile
{
    /// <summary>Each key takes some 220 characters. Encrypted, as hexadecimal digits, a list still fits into one HTTP request.</summary>
    public const int MaxCharacters = 450_000;

    /// <summary>Most keys of one file; a community makes one whenever a member leaves.</summary>
    public const int MaxKeys = 2000;

    private static readonly string[] Fields = ["communityId", "key", "timestamp", "seqNo"];

    /// <exception cref="FormatException">It is no such text; the message names the place.</exception>
    public static IReadOnlyList<(RatchetKey Key, uint SeqNo)> Parse(string json)
    {
        if (json.Length > MaxCharacters)
            throw new FormatException($"A key file has at most {MaxCharacters} characters.");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Array)
                return [Read(new JsonFields(root, "The key", Fields))];
            if (root.GetArrayLength() is 0 or > MaxKeys)
                throw new FormatException($"A key file has 1 to {MaxKeys} keys, not {root.GetArrayLength()}.");
            return [.. root.EnumerateArray().Select((key, i) => Read(new JsonFields(key, $"Key {i + 1}", Fields)))];
        }
        catch (JsonException fault)
        {
            // Its own message quotes nothing of the text.
            throw new FormatException($"The keys are not JSON: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}.");
        }
    }

    /// <summary>The list that <see cref="Parse"/> reads, UTF-8. It holds the keys in clear: it is for encryption, and for nothing else.</summary>
    /// <exception cref="FormatException">There are none, or more than one file holds.</exception>
    public static byte[] Write(IReadOnlyCollection<(RatchetKey Key, uint SeqNo)> keys)
    {
        if (keys.Count is 0 or > MaxKeys)
            throw new FormatException($"A key file has 1 to {MaxKeys} keys, not {keys.Count}.");
        return JsonSerializer.SerializeToUtf8Bytes(
            keys.Select(one => new
            {
                communityId = one.Key.CommunityId,
                key = Hex.Encode(one.Key.CopySecret()),
                timestamp = one.Key.Timestamp,
                seqNo = one.SeqNo,
            })
        );
    }

    private static (RatchetKey Key, uint SeqNo) Read(JsonFields fields)
    {
        var community = fields.Required(
            "communityId",
            (value, place) => Named(place, () => CommunityId.Parse(JsonFields.Text(value, place)))
        );
        var key = fields.Required(
            "key",
            (value, place) =>
            {
                var text = JsonFields.Text(value, place);
                return Named(place, () => Hex.Decode(text, "A ratchet key", RatchetKey.KeyBytes));
            }
        );
        var timestamp = fields.Number("timestamp", long.MaxValue);
        return (new RatchetKey(community, timestamp, key), fields.Has("seqNo") ? (uint)fields.Number("seqNo", uint.MaxValue) : 0);
    }

    private static T Named<T>(string place, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException fault)
        {
            throw new FormatException($"{place}: {fault.Message}", fault);
        }
    }
}
