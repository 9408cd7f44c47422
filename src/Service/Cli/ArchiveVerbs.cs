using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using EventArchive.Archives;
using EventArchive.Model;
using EventArchive.Waku;

namespace EventArchive.Service;

/// <summary>The archive format without a service: build, look into, empty.</summary>
public static class ArchiveVerbs
{
    public static Command Create() => new("archive", "Archive files, offline") { Build(), Inspect(), Extract() };

    /// <exception cref="FormatException">The file names no community.</exception>
    public static CommunityId CommunityOf(MessageFile file)
    {
        var derived = file.CopyPrivateKey() is { } key ? CommunityKey.IdOf(key) : null;
        if (derived is not null && file.CommunityId is { } named && named != derived)
            throw new FormatException($"communityId is {named}, but communityPrivateKey belongs to {derived}: leave one of them out.");
        return derived
            ?? file.CommunityId
            ?? throw new FormatException("The message file names no community: give communityId or communityPrivateKey.");
    }

    private static Command Build()
    {
        var file = new Argument<FileInfo>("FILE")
        {
            Description = "JSON: communityId or communityPrivateKey, chatIds or topics, startDate, endDate, messages",
        };
        var folder = new Option<DirectoryInfo>("--out")
        {
            Description = "Where the archives go; appended to if there are some",
            Required = true,
        };
        var build = new Command("build", "Cut the messages of a file into archives and a torrent") { file, folder };
        build.SetAction(
            async (parsed, cancellation) =>
            {
                var messages = MessageFile.Read(parsed.GetRequiredValue(file).FullName);
                var community = CommunityOf(messages);
                var cut = await ArchiveFolder
                    .OpenOrCreate(parsed.GetRequiredValue(folder).FullName)
                    .Build(messages, community, cancellation);
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
                        setAside = cut?.SetAside ?? new Dictionary<string, string>(),
                        lastMessageArchiveEndDate = Math.Max(messages.StartDate, messages.EndDate),
                    },
                    () =>
                    {
                        if (cut is null)
                        {
                            Console.WriteLine("There is no message in the period: nothing was written.");
                            return;
                        }
                        WriteEntries(cut.Added.Select(entry => (entry, (int?)null)));
                        Console.WriteLine($"{cut.Messages} messages in {cut.Added.Count} new archives, {cut.ArchiveCount} in all.");
                        foreach (var (hash, reason) in cut.SetAside)
                            Console.WriteLine($"set aside  {hash}  {reason}");
                        Console.WriteLine($"info-hash  {cut.Torrent.InfoHash}");
                        Console.WriteLine($"magnet     {cut.Torrent.Magnetlink}");
                    }
                );
            }
        );
        return build;
    }

    private static Command Inspect()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "The folder that archive build or download wrote" };
        var inspect = new Command("inspect", "Check every torrent, index and archive of a folder and list them") { folder };
        inspect.SetAction(
            async (parsed, cancellation) =>
            {
                var torrents = await ArchiveFolder
                    .Open(parsed.GetRequiredValue(folder).FullName)
                    .Inspect(countMessages: true, cancellation);
                return Output.Write(
                    parsed,
                    torrents.Select(torrent => new
                    {
                        communityId = torrent.Content.CommunityId,
                        infoHash = torrent.Content.InfoHash,
                        magnet = torrent.Content.Magnetlink,
                        dataBytes = torrent.File.DataBytes,
                        indexBytes = torrent.File.IndexBytes,
                        archives = torrent.Archives.Select(archive => new
                        {
                            archive.Entry.Id,
                            archive.Entry.From,
                            archive.Entry.To,
                            archive.Entry.Offset,
                            archive.Entry.Size,
                            archive.Entry.Padding,
                            archive.Messages,
                        }),
                    }),
                    () =>
                    {
                        if (torrents.Count == 0)
                            Console.WriteLine("There is no archive torrent in this folder.");
                        foreach (var torrent in torrents)
                        {
                            Console.WriteLine($"community  {torrent.Content.CommunityId}");
                            Console.WriteLine($"info-hash  {torrent.Content.InfoHash}");
                            Console.WriteLine($"magnet     {torrent.Content.Magnetlink}");
                            WriteEntries(torrent.Archives.Select(archive => (archive.Entry, archive.Messages)));
                        }
                    }
                );
            }
        );
        return inspect;
    }

    private static Command Extract()
    {
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "The folder that archive build or download wrote" };
        var extract = new Command("extract", "Print every message of a folder's archives, one JSON object a line") { folder };
        extract.SetAction(
            async (parsed, cancellation) =>
            {
                await using var output = new StreamWriter(Console.OpenStandardOutput());
                await foreach (var one in ArchiveFolder.Open(parsed.GetRequiredValue(folder).FullName).Extract(cancellation))
                {
                    var message = one.Message;
                    var line = JsonSerializer.Serialize(
                        new
                        {
                            one.CommunityId,
                            one.ArchiveId,
                            sig = Hex.Encode(message.Sig),
                            message.Timestamp,
                            message.Topic,
                            payload = Hex.Encode(message.Payload),
                            padding = Hex.Encode(message.Padding),
                            hash = Hex.Encode(message.Hash),
                            message.ThirdPartyId,
                        },
                        Output.Json
                    );
                    await output.WriteLineAsync(line.AsMemory(), cancellation);
                }
                return 0;
            }
        );
        return extract;
    }

    private static void WriteEntries(IEnumerable<(ArchiveEntry Entry, int? Messages)> entries) =>
        Output.WriteTable([
            ["from", "to", "offset", "size", "padding", "messages", "archive"],
            .. entries.Select(row =>
                (string[])
                    [
                        Day(row.Entry.From),
                        Day(row.Entry.To),
                        $"{row.Entry.Offset}",
                        $"{row.Entry.Size}",
                        $"{row.Entry.Padding}",
                        $"{row.Messages}",
                        row.Entry.Id.ToString(),
                    ]
            ),
        ]);

    private static string Day(ulong seconds) =>
        DateTimeOffset.FromUnixTimeSeconds((long)seconds).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
