using System.CommandLine;
using System.Text.Json;
using EventArchive.Archives;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>Archives back into messages, one JSON object a line, with the names of a message file.</summary>
public static class ArchiveExtractVerb
{
    public static Command Create()
    {
        var folder = ArchiveVerbs.FolderArgument();
        var archives = new Option<string[]>("--archive")
        {
            Description = "Only this archive, may be repeated; also one that was downloaded without the others",
            HelpName = "ID",
        };
        var extract = new Command("extract", "Print every message of a folder's archives, one JSON object a line") { folder, archives };
        var seals = new SealOptions(extract);
        extract.SetAction(
            async (parsed, cancellation) =>
            {
                var opened = ArchiveFolder.Open(parsed.GetRequiredValue(folder).FullName, await seals.Read(parsed, cancellation));
                ArchiveId[] only = [.. (parsed.GetValue(archives) ?? []).Select(text => ArchiveId.Parse(text))];
                if (only.Length == 0 && opened.Tree.ListCommunities().Count == 0)
                    throw ArchiveVerbs.Nothing(parsed.GetRequiredValue(folder));
                await using var output = new StreamWriter(Console.OpenStandardOutput());
                await foreach (var one in only.Length == 0 ? opened.Extract(cancellation) : opened.Extract(only, cancellation))
                    await output.WriteLineAsync(ToLine(one).AsMemory(), cancellation);
                return 0;
            }
        );
        return extract;
    }

    private static string ToLine(ExtractedMessage extracted)
    {
        var message = extracted.Message;
        return JsonSerializer.Serialize(
            new
            {
                extracted.CommunityId,
                extracted.ArchiveId,
                sig = Hex.Encode(message.Sig.Span),
                message.Timestamp,
                message.Topic,
                payload = Hex.Encode(message.Payload.Span),
                padding = Hex.Encode(message.Padding.Span),
                hash = Hex.Encode(message.Hash),
                message.ThirdPartyId,
            },
            Output.Json
        );
    }
}
