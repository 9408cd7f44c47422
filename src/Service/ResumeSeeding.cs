using System.Data.Common;
using EventArchive.Archives;
using EventArchive.Domain;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Options;

namespace EventArchive.Service;

/// <summary>
/// The engine is empty after a restart, and is emptied when the archive root goes away. Whenever the root is there, every torrent that this
/// node has reported as seeded, or made and nobody seeds, is served, without a new event.
/// </summary>
public sealed partial class ResumeSeeding(
    IArchiveFiles files,
    ITorrentEngine engine,
    CommunityStore communities,
    ArchiveRoot root,
    OpenArchiveRoot opening,
    IOptions<NodeOptions> node,
    RestartedSeeders restarted,
    TimeProvider time,
    ILogger<ResumeSeeding> log
)
{
    /// <summary>How soon a root that went away or came back is noticed.</summary>
    public static readonly TimeSpan RootPoll = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool? serving;

    /// <summary>Ends when the root was there for the first time and what lies in it was served.</summary>
    public Task Done => done.Task;

    /// <summary>The root is there, as far as was seen last.</summary>
    public bool RootIsThere => serving == true;

    public async Task Look(CancellationToken cancellation)
    {
        var there = await opening.Try(cancellation);
        if (there == serving)
            return;
        if (there)
            await Resume(cancellation);
        else
            await Stop(cancellation);
        serving = there;
        if (there)
            done.TrySetResult();
    }

    private async Task Resume(CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var (served, failed) = (0, 0);
        await Parallel.ForEachAsync(
            files.ListCommunities(),
            Several(cancellation),
            async (id, token) =>
            {
                try
                {
                    if (await Resume(id, token))
                        Interlocked.Increment(ref served);
                }
                // One folder, torrent or stream that is broken does not hold up the others; a root that is gone does.
                catch (Exception fault)
                    when (fault
                            is TorrentException
                                or RejectedTorrentException
                                or IOException
                                or UnauthorizedAccessException
                                or UnusableCommunityException
                                or DbException
                                or TimeoutException
                        && fault is not ArchiveRootMissingException
                    )
                {
                    Interlocked.Increment(ref failed);
                    LogNotSeeded(fault, id.ToString());
                }
            }
        );
        LogResumed(served, time.GetElapsedTime(started).TotalSeconds, failed);
    }

    private async Task<bool> Resume(CommunityId id, CancellationToken cancellation)
    {
        if (await files.FindPresent(id, cancellation) is not { } torrent)
            return false;
        var (community, _) = await communities.Load(id, cancellation);
        if (community.Torrent?.InfoHash != torrent.InfoHash || !IsMine(community))
            return false;
        await engine.Seed(torrent, cancellation);
        restarted.Add(id, time.GetUtcNow());
        return true;
    }

    /// <summary>This node has said that it seeds it; or it made it, and nobody has said so yet.</summary>
    private bool IsMine(Community community) =>
        community.Seeders.ContainsKey(node.Value.Name) || (community.Seeders.Count == 0 && community.Torrent?.Node == node.Value.Name);

    /// <summary>A torrent whose files are away must not be checked against an empty folder, nor fetched into it.</summary>
    private async Task Stop(CancellationToken cancellation)
    {
        LogRootMissing(root.FindFault() ?? "It came back.");
        await Parallel.ForEachAsync(
            engine.List(),
            Several(cancellation),
            async (torrent, token) =>
            {
                try
                {
                    await engine.Stop(torrent.InfoHash, token);
                }
                catch (TorrentException fault)
                {
                    LogNotStopped(fault, torrent.InfoHash.ToString());
                }
            }
        );
    }

    private ParallelOptions Several(CancellationToken cancellation) =>
        new() { MaxDegreeOfParallelism = node.Value.ResumeConcurrency, CancellationToken = cancellation };

    [LoggerMessage(1201, LogLevel.Error, "The torrent of community {Community} is not seeded again")]
    private partial void LogNotSeeded(Exception fault, string community);

    [LoggerMessage(1206, LogLevel.Information, "{Served} torrents are seeded again after {Seconds:0.0} s, {Failed} are not")]
    private partial void LogResumed(int served, double seconds, int failed);

    [LoggerMessage(1203, LogLevel.Error, "Seeding stops: {Reason}")]
    private partial void LogRootMissing(string reason);

    [LoggerMessage(1204, LogLevel.Warning, "Torrent {InfoHash} could not be stopped")]
    private partial void LogNotStopped(Exception fault, string infoHash);
}
