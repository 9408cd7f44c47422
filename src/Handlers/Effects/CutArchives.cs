using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Projections;
using MassTransit;
using Microsoft.Extensions.Options;

namespace EventArchive.Handlers;

/// <summary>ArchiveCreationStarted → the archives and the torrent on disk → CompleteArchive.</summary>
public sealed class CutArchives(
    IArchiveFiles files,
    IMessageStore messages,
    ITorrentEngine engine,
    IOptions<NodeOptions> node,
    EffectSignals signals
) : IEffect, IConsumer<ArchiveCreationStarted>
{
    public Effect Kind => Effect.Cut;

    public NodeRoles Role => NodeRoles.Archiver;

    /// <summary>A cut continues the parent's files, so it is made where they are.</summary>
    public IReadOnlyCollection<string> HoldersOf(Community community) =>
        community.Cutting?.Parent is { } parent && community.Torrent?.InfoHash == parent ? community.FindHolders() : [];

    public Task Consume(ConsumeContext<ArchiveCreationStarted> context) => signals.Wake(Kind);

    public async Task Perform(Community community, Report report, CancellationToken cancellation)
    {
        if (community.Cutting is not { } cutting)
            return;
        var plan = new CutPlan(
            cutting.CommunityId,
            cutting.From,
            cutting.To,
            cutting.PartitionSeconds,
            cutting.ContentTopics,
            cutting.Parent,
            cutting.CommittedBytes
        )
        {
            LateWindows = await FindLateWindows(cutting, cancellation),
            Sealing = cutting.Sealing,
        };
        var outcome = await files.Cut(plan, (window, token) => Read(cutting, window, token), cancellation);
        var cut = outcome.Made;
        await report(
            new CompleteArchive(
                cutting.CommunityId,
                cutting.From,
                cutting.To,
                cut is null ? null : new CutTorrent(cut.Torrent.InfoHash, cut.Torrent.Magnetlink, cut.ArchiveCount, cut.DataBytes),
                cut?.Added ?? [],
                cut?.Messages ?? 0,
                outcome.SetAside,
                node.Value.Name,
                engine.Peer
            )
        );
    }

    public IReport? GiveUp(Community community, string reason) =>
        community.Cutting is { } cutting ? new FailArchiveCreation(cutting.CommunityId, cutting.From, cutting.To, reason) : null;

    private async Task<IReadOnlyList<CutWindow>> FindLateWindows(ArchiveCreationStarted cutting, CancellationToken cancellation) =>
        cutting.ClosedWindows is { Count: > 0 } closed
            ? await LateWindows.Find(closed, messages.ReadLateTimestamps(cutting.CommunityId, Late(cutting), cancellation), cancellation)
            : [];

    private IAsyncEnumerable<ArchivedMessage> Read(ArchiveCreationStarted cutting, CutWindow window, CancellationToken cancellation) =>
        window.Late
            ? messages.ReadLate(cutting.CommunityId, Late(cutting), window.From, window.To, cancellation)
            : messages.Read(cutting.CommunityId, cutting.ContentTopics, window.From, window.To, cutting.HighestMessageNumber, cancellation);

    private static LateMessages Late(ArchiveCreationStarted cutting) =>
        new(cutting.ContentTopics, cutting.From, cutting.HighestMessageNumber, cutting.TakenMessages ?? []);
}
