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
        var found =
            await files.Find(id, importing.InfoHash, cancellation)
            ?? throw new TorrentException($"The files of torrent {importing.InfoHash} of community {id} are not on this node.");
        var torrent = found with { EncryptedAfter = importing.Sealed ? community.EncryptedAfter : null };
        var entries = await files.ReadIndex(torrent, cancellation);
        Dictionary<string, RatchetKeyId> missingKeys = new(StringComparer.Ordinal);
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
            catch (RatchetKeyMissingException missing)
            {
                missingKeys[entry.Id.ToString()] = missing.Keys[0];
            }
        }
        // Last of all: as a rule it ends the import, and whoever waits for the keys begins a new one.
        if (missingKeys.Count > 0)
            await report(
                new ParkArchives(id, importing.InfoHash, missingKeys),
                string.Join(' ', missingKeys.Keys.Order(StringComparer.Ordinal))
            );
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
            stored += await Store(community, batch, cancellation);
        }
        return (stored, read - stored);
    }

    /// <exception cref="UnreadableArchiveException">The store can never hold a message: trying again would give the same.</exception>
    private async Task<long> Store(CommunityId community, ArchivedMessage[] batch, CancellationToken cancellation)
    {
        try
        {
            return await messages.Import(community, batch, cancellation);
        }
        catch (ArgumentException fault)
        {
            throw new UnreadableArchiveException($"The archive has a message that cannot be stored. {fault.Message}", fault);
        }
    }
}
