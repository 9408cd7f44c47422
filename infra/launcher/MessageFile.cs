using System.Text.Json;

namespace EventArchive.Launcher;

/// <summary>What the run needs of a message file beside its messages, which the service reads and checks itself.</summary>
public sealed record MessageFile(
    string CommunityPrivateKey,
    IReadOnlyList<string>? ChatIds,
    IReadOnlyList<string>? Topics,
    ulong StartDate,
    ulong EndDate,
    uint PartitionSeconds = 604_800
)
{
    /// <exception cref="ArgumentException">The file cannot serve for a run; the message says why.</exception>
    public static MessageFile Read(string path)
    {
        if (!File.Exists(path))
            throw new ArgumentException($"{path} does not exist. {Options.Usage}");
        try
        {
            using var stream = File.OpenRead(path);
            var file = JsonSerializer.Deserialize<MessageFile>(stream, JsonSerializerOptions.Web);
            return string.IsNullOrEmpty(file?.CommunityPrivateKey)
                ? throw new ArgumentException(
                    $"{path} has no communityPrivateKey: a run announces in the community's name, so it needs the key. Use archive build for a file without."
                )
                : file;
        }
        catch (JsonException fault)
        {
            throw new ArgumentException($"{path} is not a message file: {fault.Message}");
        }
    }
}
