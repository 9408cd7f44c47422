using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Projections;
using MassTransit;

namespace EventArchive.Handlers;

/// <summary>ImportStarted → the archives' messages in the message table, oldest archive first → ReportArchivesImported for each.</summary>
public sealed class ImportArchives(IArchiveFiles files, IMessageStore messages, EffectSignals signals) : IEffect, IConsumer<ImportStarted>
{
    /// <summary>Messages stored in one transaction.</summary>
    public const int BatchMessages = 1000;

    public Effect Kind => Effect.Import;

    public NodeRoles Role => NodeRoles.Importer;

    /// <summary>Whoever downloaded the files imports them.</summary>
    public IReadOnlyCollection<string> HoldersOf(Community community) => community.Importing?.Node is { } node ? [node] : [];

    public Task Consume(ConsumeContext<ImportStarted> context) => signals.Wake(Kind);

    public async Task Perform(Community community, Report report, CancellationToken cancellation)
    {
        if (community.Importing is not { } importing)
            return;
        var id = community.Id!;
        var torrent =
            await files.Find(id, importing.InfoHash, cancellation)
            ?? throw new TorrentException($"The files of torrent {importing.InfoHash} of community {id} are not on this node.");
        var entries = await files.ReadIndex(torrent, cancellation);
        foreach (var entry in entries.Where(entry => community.ToImport.Contains(entry.Id)).OrderBy(entry => entry.From))
        {
            try
            {
                var (stored, repeats) = await Import(id, torrent, entry, cancellation);
                await report(new ReportArchivesImported(id, importing.InfoHash, [entry.Id], stored, repeats), entry.Id.ToString());
            }
            catch (UnreadableArchiveException unreadable)
            {
                await report(new QuarantineArchive(id, importing.InfoHash, entry.Id, unreadable.Message), entry.Id.ToString());
            }
        }
    }

    public IReport? GiveUp(Community community, string reason) => null;

    private async Task<(long Stored, long Repeats)> Import(
        CommunityId community,
        TorrentContent torrent,
        ArchiveEntry entry,
        CancellationToken cancellation
    )
    {
        // Read to its end once before the first message is stored: an archive is imported whole or not at all.
        await foreach (var _ in files.Extract(torrent, entry, cancellation)) { }
        var (stored, read) = (0L, 0L);
        await foreach (var batch in files.Extract(torrent, entry, cancellation).Chunk(BatchMessages).WithCancellation(cancellation))
        {
            read += batch.Length;
            stored += await messages.Import(community, batch, cancellation);
        }
        return (stored, read - stored);
    }
}
