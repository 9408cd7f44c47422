using System.Threading.Channels;
using EventArchive.Domain;
using EventArchive.Events;
using EventArchive.Model;
using EventArchive.Projections;
using MassTransit;
using Microsoft.Extensions.Options;

namespace EventArchive.Handlers;

/// <summary>DownloadStarted → index, then the archives that are missing on disk, the newest first → ReportArchivesDownloaded as they come, CompleteDownload.</summary>
public sealed class DownloadArchives(
    IArchiveFiles files,
    ITorrentEngine engine,
    IBus bus,
    IOptions<NodeOptions> node,
    EffectSignals signals
) : IEffect, IConsumer<DownloadStarted>
{
    /// <summary>A notice stays small, whatever the number of archives.</summary>
    private const int MaxUnderway = 16;

    public Effect Kind => Effect.Download;

    public NodeRoles Role => NodeRoles.Importer;

    public Task Consume(ConsumeContext<DownloadStarted> context) => signals.Wake(Kind);

    public async Task Perform(Community community, Report report, CancellationToken cancellation)
    {
        if (community.Downloading is not { } download)
            return;
        try
        {
            await Fetch(download, community.EncryptedAfter, report, cancellation);
        }
        catch (RejectedTorrentException rejected)
        {
            // Fetching the same torrent again would bring the same bytes.
            await engine.Stop(download.InfoHash, cancellation);
            await report(new FailDownload(download.CommunityId, download.InfoHash, rejected.Message));
        }
    }

    public IReport? GiveUp(Community community, string reason) =>
        community.Downloading is { } download ? new FailDownload(download.CommunityId, download.InfoHash, reason) : null;

    private async Task Fetch(DownloadStarted download, ulong? encryptedAfter, Report report, CancellationToken cancellation)
    {
        var peers = download.Magnetlink.Peers;
        var info = await engine.FetchMetadata(download.Magnetlink, cancellation);
        var torrent = await files.Accept(download.Magnetlink, download.CommunityId, info, cancellation) with
        {
            EncryptedAfter = encryptedAfter,
        };
        await engine.DownloadIndex(torrent, peers, cancellation);
        var (entries, missing) = await ReadIndex(torrent, cancellation);
        if (missing is not null)
            await report(new ParkDownload(download.CommunityId, download.InfoHash, missing.Keys[0]), missing.Keys[0].ToString());

        var progress = Channel.CreateBounded<TorrentProgress>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        var downloading = Download();
        HashSet<ArchiveId> reported = [];
        await foreach (var now in progress.Reader.ReadAllAsync(cancellation))
            await Report(now);
        await downloading;
        // All is on disk and served to others meanwhile.
        if (missing is not null)
            throw missing;
        await files.Complete(torrent, cancellation);
        await report(
            new CompleteDownload(
                download.CommunityId,
                download.InfoHash,
                [.. entries.Select(entry => entry.Id)],
                entries.Sum(entry => entry.Size),
                node.Value.Name,
                engine.Peer
            )
        );

        async Task Download()
        {
            try
            {
                await engine.Download(torrent, peers, DataChoice.NewestFirst(entries), new ChannelProgress(progress.Writer), cancellation);
            }
            finally
            {
                progress.Writer.Complete();
            }
        }

        async Task Report(TorrentProgress now)
        {
            ArchiveId[] arrived =
            [
                .. entries.Where(entry => now.DoneBytesOf(entry) == entry.Size && reported.Add(entry.Id)).Select(entry => entry.Id),
            ];
            if (arrived.Length > 0)
                await report(
                    new ReportArchivesDownloaded(download.CommunityId, download.InfoHash, arrived, entries.Count),
                    arrived[0].ToString()
                );
            await bus.Publish(
                new DownloadProgressed(
                    download.CommunityId,
                    download.InfoHash,
                    now.DoneBytes,
                    now.TotalBytes,
                    reported.Count,
                    entries.Count,
                    Underway(entries, now)
                ),
                cancellation
            );
        }
    }

    private static IReadOnlyList<ArchiveProgress> Underway(IReadOnlyList<ArchiveEntry> archives, TorrentProgress now) =>
        [
            .. archives
                .Select(archive => new ArchiveProgress(archive.Id, now.DoneBytesOf(archive), archive.Size))
                .Where(archive => archive.DoneBytes > 0 && archive.DoneBytes < archive.Bytes)
                .OrderByDescending(archive => archive.DoneBytes)
                .Take(MaxUnderway),
        ];

    private async Task<(IReadOnlyList<ArchiveEntry> Entries, RatchetKeyMissingException? Missing)> ReadIndex(
        TorrentContent torrent,
        CancellationToken cancellation
    )
    {
        try
        {
            return (await files.ReadIndex(torrent, cancellation), null);
        }
        catch (RatchetKeyMissingException missing)
        {
            return ([], missing);
        }
    }

    private sealed class ChannelProgress(ChannelWriter<TorrentProgress> writer) : IProgress<TorrentProgress>
    {
        public void Report(TorrentProgress value) => writer.TryWrite(value);
    }
}
