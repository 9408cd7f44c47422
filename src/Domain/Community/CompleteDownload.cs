using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

/// <summary>The torrent is on the disk of this node; it holds these archives.</summary>
public sealed record CompleteDownload(
    CommunityId CommunityId,
    InfoHash InfoHash,
    IReadOnlyList<ArchiveId> Archives,
    long DataBytes,
    string? Node = null,
    PeerAddress? Peer = null
) : IReport;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(CompleteDownload command, Community community, Facts facts)
    {
        if (community.Downloading?.InfoHash != command.InfoHash)
            return [];
        var id = command.CommunityId;
        ArchiveId[] unreported = [.. command.Archives.Where(archive => !community.Downloaded.Contains(archive))];
        ArchiveId[] toImport = [.. command.Archives.Where(archive => !facts.ImportedArchives.Contains(archive))];
        return
        [
            .. unreported.Length > 0
                ? [new ArchivesDownloaded(id, command.InfoHash, unreported, command.Archives.Count)]
                : Array.Empty<IEvent>(),
            new DownloadCompleted(id, command.InfoHash, command.Archives.Count, command.DataBytes, command.Node, command.Peer),
            toImport.Length > 0 ? new ImportStarted(id, command.InfoHash, toImport) : new HistoryImported(id, command.InfoHash),
        ];
    }

    private Community Evolve(DownloadCompleted e) =>
        this with
        {
            Downloading = null,
            DownloadAwaits = null,
            Downloaded = [],
            // A restored torrent is what it was; the magnet it was fetched by names peers of that day.
            Importing =
                Torrent?.InfoHash == e.InfoHash
                    ? Torrent with
                    {
                        Node = e.Node,
                        Peer = e.Peer,
                    }
                    : new Torrent(e.InfoHash, Downloading!.Magnetlink, e.DataBytes, e.Node, e.Peer, EncryptedAfter is not null),
        };
}
