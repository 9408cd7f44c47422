using System.Text.Json;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Archives;

/// <summary>
/// The JSON file that <c>archive build</c> reads: a community, a period and its messages. Numbers are Unix seconds, bytes are 0x-hex. Its
/// private key is given out by one method and appears in no text.
/// </summary>
public sealed class MessageFile
{
    /// <summary>Longest file that is read.</summary>
    public const long MaxFileBytes = 512L * 1024 * 1024;

    /// <summary>Most messages of one file.</summary>
    public const int MaxMessages = 1_000_000;

    /// <summary>Most channels of one file.</summary>
    public const int MaxChannels = 10_000;

    private readonly byte[]? privateKey;
    private readonly int[] byTime;

    internal MessageFile(CommunityId? communityId, byte[]? privateKey, IReadOnlyList<ArchivedMessage> messages)
    {
        (CommunityId, this.privateKey, Messages) = (communityId, privateKey, messages);
        // Stable, so that a window is found by bisection and a million messages with a thousand windows stay quick.
        byTime = [.. Enumerable.Range(0, messages.Count).OrderBy(i => messages[i].Timestamp)];
    }

    /// <summary>Null: the file names the community by its private key alone.</summary>
    public CommunityId? CommunityId { get; }

    /// <summary>In the order of the file, whatever their timestamps.</summary>
    public IReadOnlyList<ArchivedMessage> Messages { get; }

    /// <summary>In the order of chatIds or topics; it is part of the archive's bytes.</summary>
    public required IReadOnlyList<ContentTopic> ContentTopics { get; init; }

    /// <summary>First second of the period, Unix seconds.</summary>
    public required ulong StartDate { get; init; }

    /// <summary>First second after the period, Unix seconds.</summary>
    public required ulong EndDate { get; init; }

    public required uint PartitionSeconds { get; init; }

    /// <exception cref="FormatException">The file is not a message file; the message names the place.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static MessageFile Read(string path)
    {
        var length = new FileInfo(path).Length;
        if (length > MaxFileBytes)
            throw new FormatException($"A message file has at most {MaxFileBytes} bytes, not {length}.");
        return Parse(File.ReadAllBytes(path));
    }

    /// <param name="utf8">The file's bytes, with or without a byte order mark.</param>
    /// <exception cref="FormatException">It is not a message file; the message names the place.</exception>
    public static MessageFile Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        if (utf8.Span.Trim(" \r\n\t"u8).IsEmpty)
            throw new FormatException("The message file is empty.");
        using var json = ParseJson(utf8);
        return MessageFileReader.Read(json.RootElement);
    }

    /// <summary>The community's private key, 32 bytes; null if the file has none. Never print it.</summary>
    public byte[]? CopyPrivateKey() => (byte[]?)privateKey?.Clone();

    /// <summary>In the file's order; a <c>ReadMessages</c>.</summary>
    public async IAsyncEnumerable<ArchivedMessage> ReadMessages(
        CutWindow window,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await Task.CompletedTask.WaitAsync(cancellation);
        foreach (var message in byTime[FirstAt(window.From)..FirstAt(Math.Max(window.From, window.To))].Order())
        {
            cancellation.ThrowIfCancellationRequested();
            yield return Messages[message];
        }
    }

    private static JsonDocument ParseJson(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
        }
        catch (JsonException fault)
        {
            throw new FormatException($"The message file is not JSON: {fault.Message}", fault);
        }
        catch (InvalidOperationException fault)
        {
            // The search for repeated names ends so when one of them is no text.
            throw new FormatException("The message file is not JSON: a field's name has half a character (a lone surrogate).", fault);
        }
    }

    public override string ToString() => $"{Messages.Count} messages from {StartDate} to {EndDate}";

    private int FirstAt(ulong timestamp)
    {
        var (low, high) = (0, byTime.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Messages[byTime[middle]].Timestamp < timestamp)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
