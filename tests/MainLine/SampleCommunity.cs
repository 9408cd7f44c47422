using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventArchive.Waku;

namespace EventArchive.Tests.MainLine;

/// <summary>
/// A small community with three channels and its messages, made in code. All follows from the name: the same name gives the same keys,
/// messages and, once cut, the same info-hash.
/// </summary>
public sealed class SampleCommunity
{
    public const uint WeekSeconds = 604_800;

    private const ulong MillisecondsOfPayload = 1_000;
    private static readonly string[] Channels = ["general", "help", "notices"];

    private readonly string name;
    private readonly int messagesPerWeek;

    public SampleCommunity(string name, int messagesPerWeek)
    {
        this.name = name;
        this.messagesPerWeek = messagesPerWeek;
        var key = Digest("key");
        PrivateKey = Hex(key);
        Id = CommunityKey.IdOf(key).ToString();
        ChatIds = [.. Channels.Select(channel => $"{Id}{new Guid(Digest(channel).AsSpan(0, 16)):D}")];
    }

    public string PrivateKey { get; }

    public string Id { get; }

    public IReadOnlyList<string> ChatIds { get; }

    /// <summary>Monday, 3 March 2025, Unix seconds.</summary>
    public ulong Start => 1_740_960_000;

    public ulong EndOf(int weeks) => Start + ((ulong)weeks * WeekSeconds);

    /// <summary>A message file of the weeks with numbers from <paramref name="firstWeek"/> (from 0) to before <paramref name="endWeek"/>.</summary>
    public string ToFile(int firstWeek, int endWeek) =>
        JsonSerializer.Serialize(
            new
            {
                communityPrivateKey = PrivateKey,
                chatIds = ChatIds,
                startDate = EndOf(firstWeek),
                endDate = EndOf(endWeek),
                partitionSeconds = WeekSeconds,
                messages = Enumerable.Range(firstWeek, endWeek - firstWeek).SelectMany(Week),
            }
        );

    private IEnumerable<object> Week(int week) =>
        Enumerable.Range(0, messagesPerWeek).Select(number => Message(week, number, $"message {week} {number}"));

    private object Message(int week, int number, string label)
    {
        var timestamp = EndOf(week) + ((ulong)number * (WeekSeconds / (ulong)messagesPerWeek));
        return new
        {
            sig = Hex([0x04, .. Digest(label + " x"), .. Digest(label + " y")]),
            timestamp,
            chatId = ChatIds[number % ChatIds.Count],
            payload = Hex(Encoding.UTF8.GetBytes($"{label} of {name}, written at {timestamp * MillisecondsOfPayload}")),
            padding = Hex(Digest(label + " padding").AsSpan(0, number % 8)),
            hash = Hex(Digest(label + " hash")),
            thirdPartyId = "",
        };
    }

    private byte[] Digest(string label) => SHA256.HashData(Encoding.UTF8.GetBytes($"{name}: {label}"));

    private static string Hex(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);
}
