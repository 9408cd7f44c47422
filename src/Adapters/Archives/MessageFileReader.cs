using System.Text.Json;
using EventArchive.Model;

namespace EventArchive.Archives;

/// <summary>JSON to <see cref="MessageFile"/>, field by field, so that each fault names its place.</summary>
internal static class MessageFileReader
{
    private static readonly string[] FileFields =
    [
        "communityId",
        "communityPrivateKey",
        // Generators of such files write it; nothing here needs it.
        "identityPrivateKey",
        "chatIds",
        "topics",
        "startDate",
        "endDate",
        "partitionSeconds",
        "messages",
    ];

    private static readonly string[] MessageFields = ["sig", "timestamp", "chatId", "topic", "payload", "padding", "hash", "thirdPartyId"];

    public static MessageFile Read(JsonElement json)
    {
        var file = new JsonFields(json, "The message file", FileFields);
        var id = file.Optional("communityId", (value, place) => Named(place, () => CommunityId.Parse(JsonFields.Text(value, place))));
        var key = file.Optional("communityPrivateKey", ReadKey);
        if (id is null && key is null)
            throw new FormatException("The message file needs communityId or communityPrivateKey.");
        var topics = ReadTopics(file);
        var known = topics.ToHashSet();
        var list = file.Required("messages");
        if (list.ValueKind != JsonValueKind.Array)
            throw new FormatException("The message file: field messages: it is a list, if only an empty one.");
        if (list.GetArrayLength() > MessageFile.MaxMessages)
            throw new FormatException($"The message file: field messages: at most {MessageFile.MaxMessages}, not {list.GetArrayLength()}.");
        List<ArchivedMessage> messages = new(list.GetArrayLength());
        foreach (var message in list.EnumerateArray())
            messages.Add(ReadMessage(new JsonFields(message, $"Message {messages.Count + 1}", MessageFields), known));
        return ReadPeriod(
            file,
            new MessageFile(id, key, messages)
            {
                ContentTopics = topics,
                StartDate = file.Number("startDate", ulong.MaxValue),
                EndDate = file.Number("endDate", ulong.MaxValue),
                PartitionSeconds = (uint)file.Number("partitionSeconds", uint.MaxValue),
            }
        );
    }

    private static MessageFile ReadPeriod(JsonFields file, MessageFile read)
    {
        if (read.EndDate <= read.StartDate)
            throw file.Fault("endDate", $"it is after startDate ({read.StartDate}), not {read.EndDate}");
        if (read.PartitionSeconds == 0)
            throw file.Fault("partitionSeconds", "it is at least 1; status-go uses 604800");
        if ((read.EndDate - read.StartDate - 1) / read.PartitionSeconds >= ArchiveFormat.MaxPartitions)
            throw file.Fault("partitionSeconds", $"the period has more than {ArchiveFormat.MaxPartitions} partitions of this length");
        return read;
    }

    private static List<ContentTopic> ReadTopics(JsonFields file)
    {
        if (file.Has("chatIds") == file.Has("topics"))
            throw new FormatException("The message file has either chatIds or topics.");
        var name = file.Has("chatIds") ? "chatIds" : "topics";
        var list = file.Required(name);
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MessageFile.MaxChannels)
            throw file.Fault(name, $"it is a list of 1 to {MessageFile.MaxChannels} channels");
        List<ContentTopic> topics = [];
        foreach (var item in list.EnumerateArray())
        {
            var place = $"The message file: field {name}: item {topics.Count + 1}";
            var text = JsonFields.Text(item, place);
            topics.Add(Named(place, () => name is "chatIds" ? ContentTopic.OfChat(text) : ContentTopic.Parse(text)));
        }
        return topics;
    }

    private static ArchivedMessage ReadMessage(JsonFields message, HashSet<ContentTopic> known)
    {
        if (message.Has("chatId") == message.Has("topic"))
            throw new FormatException($"{message.What} has either chatId or topic.");
        var name = message.Has("chatId") ? "chatId" : "topic";
        var topic = message.Required(
            name,
            (value, place) =>
            {
                var text = JsonFields.Text(value, place);
                return Named(place, () => name is "chatId" ? ContentTopic.OfChat(text) : ContentTopic.Parse(text));
            }
        );
        if (!known.Contains(topic))
            throw message.Fault(name, "this channel is not among the file's chatIds or topics");
        var read = new ArchivedMessage(
            message.Required("sig", JsonFields.Bytes),
            message.Number("timestamp", ulong.MaxValue),
            topic,
            message.Required("payload", JsonFields.Bytes),
            message.Optional("padding", JsonFields.Bytes) ?? [],
            message.Required("hash", JsonFields.Bytes),
            message.Optional("thirdPartyId", JsonFields.Text) ?? ""
        );
        if (read.Hash.Length is 0 or > ArchiveFormat.MaxHashBytes)
            throw message.Fault("hash", $"it has 1 to {ArchiveFormat.MaxHashBytes} bytes, not {read.Hash.Length}");
        return read;
    }

    private static byte[] ReadKey(JsonElement value, string place)
    {
        // Faults name the place and nothing of the value: it is a secret.
        var text = JsonFields.Text(value, place);
        return Named(place, () => Hex.Decode(text, "A private key", 32));
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
