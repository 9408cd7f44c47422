using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventArchive.Archives;

namespace EventArchive.Tests.Archives;

/// <summary>The messages of the vectors that hold only their number: made again by the same rule.</summary>
internal static class GeneratedInput
{
    public static MessageFile Make(int messages, int weeks)
    {
        string[] chats = ["general-chat-vector-1", "general-chat-vector-2"];
        const long start = 1_700_000_000;
        var span = weeks * 604_800L;
        var input = new
        {
            communityPrivateKey = "0x" + string.Concat(Enumerable.Repeat("11", 32)),
            chatIds = chats,
            startDate = start,
            endDate = start + span,
            partitionSeconds = 604_800,
            messages = Enumerable
                .Range(0, messages)
                .Select(i => new
                {
                    sig = "0x04" + Sha256($"sig-a-{i % 3}") + Sha256($"sig-b-{i % 3}"),
                    timestamp = start + (i * span / Math.Max(messages, 1)),
                    chatId = chats[i % 2],
                    payload = "0x" + string.Concat(Enumerable.Range(0, 1 + (i % 5)).Select(k => Sha256($"payload-{messages}-{i}-{k}"))),
                    padding = "0x" + Sha256($"pad-{i}")[..(i % 4 * 8)],
                    hash = "0x" + Sha256($"hash-{messages}-{i}"),
                    thirdPartyId = i % 7 == 6 ? $"discord-{i}" : "",
                }),
        };
        return MessageFile.Parse(JsonSerializer.SerializeToUtf8Bytes(input));
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
