using System.CommandLine;
using EventArchive.Archives;

namespace EventArchive.Service;

/// <summary>Every byte of a folder's archives is read and checked, and what they hold is listed.</summary>
public static class ArchiveInspectVerb
{
    public static Command Create()
    {
        var folder = ArchiveVerbs.FolderArgument();
        var inspect = new Command("inspect", "Check every torrent, index and archive of a folder and list them") { folder };
        var seals = new SealOptions(inspect);
        inspect.SetAction(
            async (parsed, cancellation) =>
            {
                var torrents = await ArchiveFolder
                    .Open(parsed.GetRequiredValue(folder).FullName, await seals.Read(parsed, cancellation))
                    .Inspect(countMessages: true, cancellation);
                if (torrents.Count == 0)
                    throw ArchiveVerbs.Nothing(parsed.GetRequiredValue(folder));
                return Output.Write(parsed, torrents.Select(ToJson), () => Tell(torrents));
            }
        );
        return inspect;
    }

    private static object ToJson(InspectedTorrent torrent) =>
        new
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
        };

    private static void Tell(IReadOnlyList<InspectedTorrent> torrents)
    {
        foreach (var torrent in torrents)
        {
            Console.WriteLine($"community  {torrent.Content.CommunityId}");
            Console.WriteLine($"info-hash  {torrent.Content.InfoHash}");
            Console.WriteLine($"magnet     {torrent.Content.Magnetlink}");
            ArchiveTable.Write(torrent.Archives.Select(archive => (archive.Entry, archive.Messages)));
            Console.WriteLine(
                $"{torrent.Archives.Sum(archive => archive.Messages)} messages in {torrent.Archives.Count} archives, all whole."
            );
        }
    }
}
