using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Projections;
using MassTransit;
using Microsoft.Extensions.Options;

namespace EventArchive.Handlers;

/// <summary>
/// ArchiveCreated or HistoryImported → the engine of the node that has the files serves the torrent → ConfirmSeeding. A node that is no seeder
/// serves too, until a seeder has fetched it and confirmed.
/// </summary>
public sealed class SeedTorrents(IArchiveFiles files, ITorrentEngine engine, IOptions<NodeOptions> node, EffectSignals signals)
    : IEffect,
        IConsumer<ArchiveCreated>,
        IConsumer<HistoryImported>
{
    public Effect Kind => Effect.Seed;

    public NodeRoles Role => NodeRoles.Seeder | NodeRoles.Archiver | NodeRoles.Importer;

    public IReadOnlyCollection<string> HoldersOf(Community community) => community.FindHolders();

    public Task Consume(ConsumeContext<ArchiveCreated> context) => signals.Wake(Kind);

    public Task Consume(ConsumeContext<HistoryImported> context) => signals.Wake(Kind);

    public async Task Perform(Community community, Report report, CancellationToken cancellation)
    {
        if (community.Torrent is not { } torrent)
            return;
        var content =
            await files.Find(community.Id!, torrent.InfoHash, cancellation)
            ?? throw new TorrentException(
                $"The files of torrent {torrent.InfoHash} of community {community.Id} are not on this node: send RestoreArchive to fetch them."
            );
        // Awaiting a seeder it comes here again and again.
        if (!engine.List(community.Id!).Any(loaded => loaded.InfoHash == torrent.InfoHash && loaded.Seeding))
            await engine.Seed(content, cancellation);
        if (!node.Value.Has(NodeRoles.Seeder))
            throw new SeederAwaitedException(
                $"Torrent {torrent.InfoHash} of community {community.Id} is served here until a node with the role Seeder confirms that it has it."
            );
        await report(new ConfirmSeeding(community.Id!, torrent.InfoHash, node.Value.Name, engine.Peer), node.Value.Name);
    }

    public IReport? GiveUp(Community community, string reason) => null;
}
