using System.CommandLine;
using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>A message file becomes archives and a torrent; on a folder that has some already, further ones.</summary>
public static class ArchiveBuildVerb
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE")
        {
            Description = "JSON: communityId or communityPrivateKey, chatIds or topics, startDate, endDate, partitionSeconds, messages",
        };
        var folder = new Option<DirectoryInfo>("--out")
        {
            Description = "Where the archives go; made when missing, appended to if there are some",
            HelpName = "DIR",
            Required = true,
        };
        var build = new Command("build", "Cut the messages of a file into archives and a torrent") { file, folder };
        var seals = new SealOptions(build);
        build.SetAction(
            async (parsed, cancellation) =>
            {
                var sealing = await seals.Read(parsed, cancellation);
                using var destination = new OutFolder(parsed.GetRequiredValue(folder));
                var (messages, outcome) = await ProgressBar.Show(
                    "reading",
                    bar => Build(parsed.GetRequiredValue(file), destination, sealing, bar, cancellation)
                );
                return Write(parsed, messages, outcome);
            }
        );
        return build;
    }

    private static async Task<(MessageFile Messages, CutOutcome Outcome)> Build(
        FileInfo file,
        OutFolder destination,
        FolderSeals? seals,
        ProgressBar bar,
        CancellationToken cancellation
    )
    {
        var messages = await ArchiveVerbs.Read(file, cancellation);
        var community = ArchiveVerbs.CommunityOf(messages);
        bar.Step("cutting", messages.Messages.Count);
        return (messages, await ArchiveFolder.OpenOrCreate(destination.Make(), seals).Build(messages, community, bar, cancellation));
    }

    private static int Write(ParseResult parsed, MessageFile messages, CutOutcome outcome)
    {
        var cut = outcome.Made;
        var community = ArchiveVerbs.CommunityOf(messages);
        return Output.Write(
            parsed,
            new
            {
                communityId = community,
                infoHash = cut?.Torrent.InfoHash,
                magnet = cut?.Torrent.Magnetlink,
                torrentFile = cut is null ? null : Path.Combine(cut.Torrent.Root, $"{community}.torrent"),
                archives = cut?.ArchiveCount ?? 0,
                added = cut?.Added ?? [],
                messages = cut?.Messages ?? 0,
                dataBytes = cut?.DataBytes ?? 0,
                setAside = outcome.SetAside,
                lastMessageArchiveEndDate = messages.EndDate,
            },
            () =>
            {
                foreach (var (hash, reason) in outcome.SetAside)
                    Console.WriteLine($"set aside  {hash}  {reason}");
                if (cut is null)
                    Console.WriteLine("There is no message in the period that an archive can hold: nothing was written.");
                else
                    Tell(cut, community);
            }
        );
    }

    private static void Tell(Cut cut, CommunityId community)
    {
        ArchiveTable.Write(cut.Added.Select(entry => (entry, (int?)null)));
        Console.WriteLine($"{cut.Messages} messages in {cut.Added.Count} new archives, {cut.ArchiveCount} in all.");
        Console.WriteLine($"community  {community}");
        Console.WriteLine($"info-hash  {cut.Torrent.InfoHash}");
        Console.WriteLine($"magnet     {cut.Torrent.Magnetlink}");
        Console.WriteLine($"torrent    {Path.Combine(cut.Torrent.Root, $"{community}.torrent")}");
    }
}
