using EventArchive.Domain;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventArchive.Waku;

/// <summary>
/// Hears the magnetlink messages and the descriptions of followed communities and hands on those that the community's key signed, at least once
/// each (the two channels carry the same message twice). What others signed and what cannot be read is counted, named in the log now and then, and never
/// handed on. A node that is away is tried for ever, with growing delay; one that was restarted is subscribed anew. Behind each new
/// subscription the store is asked for what was missed.
/// </summary>
/// <param name="followed">Lists who is followed, and on which pubsub topic.</param>
/// <param name="received">Takes the community and the signed ApplicationMetadataMessage.</param>
public sealed partial class MagnetlinkListener(
    NwakuClient node,
    WakuKeys keys,
    Func<CancellationToken, Task<IReadOnlyList<(CommunityId Community, PubsubTopic PubsubTopic)>>> followed,
    Func<CommunityId, byte[], CancellationToken, Task> received,
    WakuOptions options,
    WakuMetrics metrics,
    TimeProvider time,
    ILogger<MagnetlinkListener> log
) : BackgroundService
{
    /// <summary>At most one unheeded message in this time is named in the log; the counters have them all.</summary>
    public static readonly TimeSpan LogSample = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim woken = new(0);
    private readonly HashSet<PubsubTopic> subscribed = [];
    private readonly MissedMessages missed = new(node, options, time);
    private FollowedChannels channels = FollowedChannels.None;
    private long? listedAt;
    private long? sampledAt;
    private int failures;
    private int storeFailures;
    private bool storeDue = true;

    /// <summary>Reads the list of followed communities at once instead of at its next time.</summary>
    public void Wake() => woken.Release();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = options.PollInterval;
            try
            {
                await ReadListWhenDue(stoppingToken);
                await ListenOnce(stoppingToken);
                if (failures > 0)
                    LogBack(options.Node, failures);
                failures = 0;
            }
            catch (WakuException fault)
            {
                metrics.CountNodeFailure();
                if (failures == 0)
                    LogAway(fault.Message);
                pause = Delay(failures++);
            }
            if (await woken.WaitAsync(pause, stoppingToken))
                listedAt = null;
        }
    }

    private async Task ReadListWhenDue(CancellationToken cancellation)
    {
        if (listedAt is { } at && time.GetElapsedTime(at) < options.FollowedRefresh)
            return;
        try
        {
            channels = new FollowedChannels(await followed(cancellation));
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            // Whatever keeps the list (a database) is another's: while it fails, the last list holds.
            LogListFailed(fault);
        }
        listedAt = time.GetTimestamp();
        storeDue = true;
        subscribed.IntersectWith(channels.PubsubTopics);
    }

    private async Task ListenOnce(CancellationToken cancellation)
    {
        foreach (var topic in channels.PubsubTopics)
        {
            if (!subscribed.Contains(topic))
            {
                await node.Subscribe([topic], cancellation);
                subscribed.Add(topic);
                missed.Forget(topic);
                LogSubscribed(topic, options.Node);
            }
            await CatchUp(topic, cancellation);
            if (await node.Poll(topic, cancellation) is not { } polled)
            {
                subscribed.Remove(topic);
                continue;
            }
            if (polled.Unreadable > 0)
                metrics.CountHeard(HeardOutcome.Undecodable, polled.Unreadable);
            foreach (var message in polled.Messages)
                await Heed(topic, message, burst: null, cancellation);
        }
    }

    /// <summary>A store that fails is asked again when the list is read next; meanwhile the present is heard all the same.</summary>
    private async Task CatchUp(PubsubTopic topic, CancellationToken cancellation)
    {
        if (!storeDue)
            return;
        try
        {
            var burst = new Burst(new Clock((ulong)(time.GetUtcNow() + Community.MaxClockAhead).ToUnixTimeMilliseconds()));
            foreach (var message in await missed.Fetch(topic, channels.CommunitiesOn(topic), cancellation))
                await Heed(topic, message, burst, cancellation);
            foreach (var (community, heard) in burst.Newest)
                metrics.CountHeard(await HandOver(community, heard.SignedMessage, cancellation));
            storeFailures = 0;
        }
        catch (WakuException fault)
        {
            storeDue = false;
            if (storeFailures++ == 0)
                LogNoStore(fault.Message);
        }
    }

    /// <param name="burst">Collects what is to be handed on; null: it is handed on at once.</param>
    private async Task Heed(PubsubTopic topic, WakuMessage message, Burst? burst, CancellationToken cancellation)
    {
        foreach (var (community, chatId) in channels.At(topic, message.ContentTopic))
        {
            var heard = HeardMessage.Read(message, community, keys.Of(chatId).Span);
            switch (heard.Outcome)
            {
                case HeardOutcome.HandedOn when burst is not null:
                    metrics.CountHeard(HeardOutcome.Overtaken, burst.Add(community, heard));
                    break;
                case HeardOutcome.HandedOn:
                    metrics.CountHeard(await HandOver(community, heard.SignedMessage, cancellation));
                    break;
                default:
                    if (heard.Outcome != HeardOutcome.OtherType)
                        Sample(community, heard.Reason);
                    metrics.CountHeard(heard.Outcome);
                    break;
            }
        }
    }

    /// <summary>The node has let go of the message already, so it is held here until the receiver has it.</summary>
    private async Task<HeardOutcome> HandOver(CommunityId community, byte[] signedMessage, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await received(community, signedMessage, cancellation);
                return HeardOutcome.HandedOn;
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                // The receiver is another's: any failure of it is one to try again after.
                if (attempt + 1 >= options.HandOverTries)
                {
                    LogGivenUp(fault, community, options.HandOverTries);
                    return HeardOutcome.GivenUp;
                }
            }
            await Task.Delay(Delay(attempt), time, cancellation);
        }
    }

    private void Sample(CommunityId community, string reason)
    {
        if (sampledAt is { } at && time.GetElapsedTime(at) < LogSample)
            return;
        sampledAt = time.GetTimestamp();
        LogUnheeded(community, reason);
    }

    /// <summary>Doubles from a quarter of a second, with jitter so that many nodes do not come back at one moment.</summary>
    private TimeSpan Delay(int attempt)
    {
        var most = Math.Min(options.MaxReconnectDelay.TotalMilliseconds, FirstDelay.TotalMilliseconds * Math.Pow(2, Math.Min(attempt, 20)));
        return TimeSpan.FromMilliseconds(most * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    [LoggerMessage(2, LogLevel.Information, "Listening on {PubsubTopic} through the Waku node at {Node}")]
    private partial void LogSubscribed(PubsubTopic pubsubTopic, Uri node);

    [LoggerMessage(3, LogLevel.Warning, "Not listening to the Waku network: {Reason} Trying again until it works")]
    private partial void LogAway(string reason);

    [LoggerMessage(4, LogLevel.Information, "The Waku node at {Node} is back after {Failures} failed tries")]
    private partial void LogBack(Uri node, int failures);

    [LoggerMessage(8, LogLevel.Warning, "What was announced while nobody listened is not known: {Reason} Asking again until it works")]
    private partial void LogNoStore(string reason);

    [LoggerMessage(5, LogLevel.Warning, "The list of followed communities could not be read; the last one holds")]
    private partial void LogListFailed(Exception fault);

    [LoggerMessage(6, LogLevel.Information, "A message on a channel of {Community} is left unheeded (one of possibly many): {Reason}")]
    private partial void LogUnheeded(CommunityId community, string reason);

    [LoggerMessage(
        7,
        LogLevel.Error,
        "A magnetlink message of {Community} was given up after {Tries} tries to hand it on; the next announcement brings its news"
    )]
    private partial void LogGivenUp(Exception fault, CommunityId community, int tries);
}
