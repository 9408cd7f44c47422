using System.Text.Json;
using EventArchive.EventStore;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>Messages as nwaku's REST API writes them: bytes in base64, nanoseconds as 64-bit numbers beyond what a double holds.</summary>
internal static class NwakuJson
{
    private const int MaxNesting = 16;

    /// <summary>Of a page of a store; the numbers are those of HTTP.</summary>
    private const int StoreSuccess = 200;

    public static byte[] Write(WakuMessage message) => Write(json => Write(json, message));

    /// <summary>The body of a light push.</summary>
    public static byte[] WritePush(PubsubTopic topic, WakuMessage message) =>
        Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("pubsubTopic", topic.ToString());
            json.WritePropertyName("message");
            Write(json, message);
            json.WriteEndObject();
        });

    /// <summary>The body of a filter subscription.</summary>
    public static byte[] WriteFilter(PubsubTopic topic, IEnumerable<string> contentTopics) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object>
            {
                ["requestId"] = Guid.NewGuid().ToString("N"),
                ["pubsubTopic"] = topic.ToString(),
                ["contentFilters"] = contentTopics,
            }
        );

    /// <exception cref="JsonException">It is not a list of peers.</exception>
    public static int CountPeers(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxNesting });
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? document.RootElement.GetArrayLength()
            : throw new JsonException("Peers are a list.");
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
            write(json);
        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, WakuMessage message)
    {
        json.WriteStartObject();
        json.WriteBase64String("payload", message.Payload);
        json.WriteString("contentTopic", message.ContentTopic);
        json.WriteNumber("version", message.Version);
        json.WriteNumber("timestamp", message.Timestamp);
        if (message.Meta.Length > 0)
            json.WriteBase64String("meta", message.Meta);
        json.WriteBoolean("ephemeral", message.Ephemeral);
        json.WriteEndObject();
    }

    /// <summary>Reads the messages that can be read; one that cannot does not take the others with it.</summary>
    /// <exception cref="JsonException">The whole is not a list.</exception>
    public static (IReadOnlyList<WakuMessage> Messages, int Unreadable) ReadMessages(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxNesting });
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw new JsonException("Messages are a list.");
        List<WakuMessage> messages = [];
        foreach (var element in document.RootElement.EnumerateArray())
        {
            if (ReadMessage(element) is { } message)
                messages.Add(message);
        }
        return (messages, document.RootElement.GetArrayLength() - messages.Count);
    }

    /// <summary>A page of a store; messages that cannot be read are left out.</summary>
    /// <exception cref="JsonException">It is not such a page.</exception>
    public static StoredMessages ReadPage(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxNesting });
        var page = document.RootElement;
        if (
            page.ValueKind != JsonValueKind.Object
            || !page.TryGetProperty("messages", out var rows)
            || rows.ValueKind != JsonValueKind.Array
        )
            throw new JsonException("A page of a store has messages.");
        List<WakuMessage> messages = [];
        foreach (var row in rows.EnumerateArray())
        {
            if (row.ValueKind == JsonValueKind.Object && row.TryGetProperty("message", out var json) && ReadMessage(json) is { } message)
                messages.Add(message);
        }
        return new StoredMessages(messages, Text(page, "paginationCursor"), Refusal(page));
    }

    /// <summary>nwaku passes on what another store answered with HTTP status 200: whether that was an answer is in the body alone.</summary>
    private static string? Refusal(JsonElement page) =>
        page.TryGetProperty("statusCode", out var status)
        && !(status.ValueKind == JsonValueKind.Number && status.TryGetInt32(out var code) && code == StoreSuccess)
            ? $"{status.GetRawText()} {Text(page, "statusDesc")}".TrimEnd()
            : null;

    /// <exception cref="JsonException">It is not a health report.</exception>
    public static NodeHealth ReadHealth(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxNesting });
        if (document.RootElement.ValueKind != JsonValueKind.Object || Text(document.RootElement, "nodeHealth") is not { } node)
            throw new JsonException("A health report has nodeHealth.");
        string? relay = null;
        if (document.RootElement.TryGetProperty("protocolsHealth", out var protocols) && protocols.ValueKind == JsonValueKind.Array)
        {
            foreach (var protocol in protocols.EnumerateArray())
                relay ??= protocol.ValueKind == JsonValueKind.Object ? Text(protocol, "Relay") : null;
        }
        return new NodeHealth(node, relay);
    }

    private static WakuMessage? ReadMessage(JsonElement json)
    {
        try
        {
            return ReadFields(json);
        }
        catch (InvalidOperationException)
        {
            // A text that is not valid Unicode: strangers choose content topics, and nodes pass them on.
            return null;
        }
    }

    private static WakuMessage? ReadFields(JsonElement json)
    {
        if (
            json.ValueKind != JsonValueKind.Object
            || Text(json, "contentTopic") is not { Length: > 0 } contentTopic
            || !TryBytes(json, "payload", out var payload)
            || !TryBytes(json, "meta", out var meta)
        )
            return null;
        uint version = 0;
        long timestamp = 0;
        if (
            json.TryGetProperty("version", out var number)
            && number.ValueKind != JsonValueKind.Null
            && !(number.ValueKind == JsonValueKind.Number && number.TryGetUInt32(out version))
        )
            return null;
        if (
            json.TryGetProperty("timestamp", out number)
            && number.ValueKind != JsonValueKind.Null
            && !(number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out timestamp))
        )
            return null;
        var ephemeral = json.TryGetProperty("ephemeral", out var flag) && flag.ValueKind == JsonValueKind.True;
        return new WakuMessage(payload, contentTopic, version, timestamp, meta, ephemeral);
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool TryBytes(JsonElement json, string name, out byte[] bytes)
    {
        bytes = [];
        return !json.TryGetProperty(name, out var value)
            || value.ValueKind == JsonValueKind.Null
            || (value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out bytes!));
    }
}
