using EventArchive.Handlers;
using Microsoft.Extensions.Options;

namespace EventArchive.Service;

/// <summary>After a restart the engine is empty: every torrent that this node has reported as seeded is served again, without a new event.</summary>
public sealed partial class ResumeSeeding(
    IArchiveFiles files,
    ITorrentEngine engine,
    CommunityLoader communities,
    IOptions<NodeOptions> node,
    ILogger<ResumeSeeding> log
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var torrent in await files.ListTorrents(stoppingToken))
        {
            try
            {
                var (community, _) = await communities.Load(torrent.CommunityId, stoppingToken);
                if (community.Torrent?.InfoHash == torrent.InfoHash && community.Seeders.ContainsKey(node.Value.Name))
                    await engine.Seed(torrent, stoppingToken);
            }
            catch (Exception fault) when (fault is TorrentException or IOException or System.Data.Common.DbException)
            {
                LogNotSeeded(fault, torrent.InfoHash.ToString(), torrent.CommunityId.ToString());
            }
        }
    }

    [LoggerMessage(1201, LogLevel.Error, "Torrent {InfoHash} of community {Community} is not seeded again")]
    private partial void LogNotSeeded(Exception fault, string infoHash, string community);
}
