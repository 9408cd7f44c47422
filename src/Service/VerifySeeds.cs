using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Service;

/// <summary>
/// Hashes what this node seeds once more when somebody asks for it, one torrent after the other, while all are served. What is wrong is taken out
/// of service, and said by <c>/seeding</c> and <c>/health/ready</c> like any damage.
/// </summary>
public sealed partial class VerifySeeds
{
    /// <summary>Counter of verifications, by the tag <c>result</c>: whole or failed. Meter: <see cref="WatchSeeding.MeterName"/>.</summary>
    public const string Verifications = "eventarchive.seeding.verifications";

    private readonly ITorrentEngine engine;
    private readonly TimeProvider time;
    private readonly ILogger<VerifySeeds> log;
    private readonly Counter<long> counter;
    private readonly Channel<CommunityId> asked = Channel.CreateUnbounded<CommunityId>();
    private readonly ConcurrentDictionary<CommunityId, Verification> last = new();

    public VerifySeeds(ITorrentEngine engine, IMeterFactory meters, TimeProvider time, ILogger<VerifySeeds> log)
    {
        (this.engine, this.time, this.log) = (engine, time, log);
        counter = meters.Create(WatchSeeding.MeterName).CreateCounter<long>(Verifications, "{verification}");
    }

    /// <summary>What was asked for last; null: nothing.</summary>
    public Verification? Find(CommunityId community) => last.GetValueOrDefault(community);

    /// <summary>Begins a verification unless one is under way; null: this node seeds no torrent of the community.</summary>
    public Verification? Ask(CommunityId community)
    {
        if (engine.List(community).FirstOrDefault(one => one.Seeding || one.Fault is not null) is not { } torrent)
            return null;
        var next = new Verification(community, torrent.InfoHash, 0, torrent.TotalBytes, time.GetUtcNow(), null, null);
        var present = last.AddOrUpdate(community, next, (_, before) => before.EndedAt is null ? before : next);
        if (ReferenceEquals(present, next))
            asked.Writer.TryWrite(community);
        return present;
    }

    public async Task Work(CancellationToken cancellation)
    {
        while (asked.Reader.TryRead(out var community))
            await Verify(last[community], cancellation);
    }

    public Task Wait(CancellationToken cancellation) => asked.Reader.WaitToReadAsync(cancellation).AsTask();

    private async Task Verify(Verification verification, CancellationToken cancellation)
    {
        var (community, infoHash) = (verification.CommunityId, verification.InfoHash);
        var now = verification;
        try
        {
            await engine.Verify(infoHash, new Progress(done => last[community] = now = now with { DoneBytes = done }), cancellation);
            LogWhole(infoHash.ToString(), community.ToString(), now.TotalBytes);
        }
        // Whatever it was is the answer: one without an end would keep everybody from asking again.
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            now = now with { Fault = fault.Message };
            LogFailed(infoHash.ToString(), community.ToString(), fault.Message);
        }
        last[community] = now with { EndedAt = time.GetUtcNow() };
        counter.Add(1, new KeyValuePair<string, object?>("result", now.Fault is null ? "whole" : "failed"));
    }

    /// <summary>Told at once, not through the thread pool as by <see cref="Progress{T}"/>: nothing may come after the end.</summary>
    private sealed class Progress(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }

    [LoggerMessage(
        1251,
        LogLevel.Information,
        "Torrent {InfoHash} of community {Community} was verified: all of its {Bytes} bytes are right"
    )]
    private partial void LogWhole(string infoHash, string community, long bytes);

    [LoggerMessage(1252, LogLevel.Error, "Torrent {InfoHash} of community {Community} was verified, and is not served: {Reason}")]
    private partial void LogFailed(string infoHash, string community, string reason);
}

/// <param name="EndedAt">Null: it waits for others, or is under way.</param>
/// <param name="Fault">What is wrong; null with an end: nothing.</param>
public sealed record Verification(
    CommunityId CommunityId,
    InfoHash InfoHash,
    long DoneBytes,
    long TotalBytes,
    DateTimeOffset AskedAt,
    DateTimeOffset? EndedAt,
    string? Fault
);
