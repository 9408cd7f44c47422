using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Projections;
using MassTransit;

namespace EventArchive.Handlers;

/// <summary>ArchivesParked → wait until one of their keys is imported → ResumeImport.</summary>
public sealed class ResumeImports(IRatchetKeys keys, EffectSignals signals) : IEffect, IConsumer<ArchivesParked>
{
    public Effect Kind => Effect.ResumeImport;

    public NodeRoles Role => NodeRoles.Importer;

    public Task Consume(ConsumeContext<ArchivesParked> context) => signals.Wake(Kind);

    /// <exception cref="RatchetKeyMissingException">None of the keys is here: the work waits for them.</exception>
    public async Task Perform(Community community, Report report, CancellationToken cancellation)
    {
        // The import that parked them is not over yet: what is reported before its end would come to nothing.
        if (community.Parked.IsEmpty || community.Importing is not null)
            return;
        var missing = community.Parked.Select(parked => parked.MissingKey).Distinct().ToList();
        foreach (var key in missing)
        {
            if (await keys.Find(community.Id!, key, cancellation) is null)
                continue;
            await report(new ResumeImport(community.Id!, community.Torrent!.InfoHash), key.ToString());
            return;
        }
        throw new RatchetKeyMissingException(community.Id!, missing);
    }

    public IReport? GiveUp(Community community, string reason) => null;
}
