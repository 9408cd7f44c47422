using EventArchive.Domain;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventArchive.Waku;

/// <summary>
/// Hears the channels of followed communities through every node at once: announcements are handed on, messages of archived communities are
/// recorded. A node that is away is tried for ever, with growing delay; one that was restarted is subscribed anew. Behind each new subscription
/// the stores are asked for the announcements that were missed; the messages that were missed are the <see cref="GapFiller"/>'s.
/// </summary>
/// <param name="followed">Lists who is followed, and on which pubsub topic.</param>
public sealed partial class Hearing(
    WakuNodes nodes,
    WakuKeys keys,
    Func<CancellationToken, Task<IReadOnlyList<FollowedCommunity>>> followed,
    MagnetlinkListener announcements,
    IMessageStore messages,
    ICoverage coverage,
    IChannelKeys channelKeys,
    Func<IReport, CancellationToken, Task> report,
    WakuOptions options,
    WakuMetrics metrics,
    TimeProvider time,
    ILoggerFactory logs
) : BackgroundService
{
    private readonly ILogger log = logs.CreateLogger<Hearing>();
    private readonly SemaphoreSlim woken = new(0);
    private readonly LiveRanges live = new(options.Settle);
    private readonly MessageRecorder recorder = new(messages, keys, options, metrics, time, logs.CreateLogger<MessageRecorder>());
    private readonly MissedMessages missed = new(nodes, options, time);
    private volatile FollowedList list = FollowedList.Empty;

    /// <summary>Reads the list of followed communities at once instead of at its next time.</summary>
    public void Wake() => woken.Release();

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var filler = new GapFiller(nodes, recorder, live, coverage, report, options, time, logs.CreateLogger<GapFiller>());
        return Task.WhenAll([
            KeepList(stoppingToken),
            .. nodes.All.Select(node => HearThrough(node, stoppingToken)),
            CatchUp(stoppingToken),
            filler.Run(() => list, stoppingToken),
        ]);
    }

    private async Task KeepList(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                var channels = new FollowedChannels(await followed(stopping));
                await keys.Prepare([.. channels.ChatIds.Distinct()], channelKeys, stopping);
                // Before the pauses end that the new one cuts short.
                list = new FollowedList(channels, list, time.GetUtcNow());
            }
            catch (Exception fault) when (!stopping.IsCancellationRequested)
            {
                // Whatever keeps the list (a database) is another's: while it fails, the last list holds.
                LogListFailed(fault);
            }
            await woken.WaitAsync(options.FollowedRefresh, stopping);
        }
    }

    private async Task HearThrough(NwakuClient node, CancellationToken stopping)
    {
        var listener = new NodeListener(node, options, time);
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            var pause = options.PollInterval;
            var present = list;
            try
            {
                foreach (var topic in present.Channels.PubsubTopics)
                {
                    if (await listener.Listen(topic, present.Channels.ContentTopicsOn(topic), stopping) is not { } listened)
                        continue;
                    if (listened.IsNew)
                    {
                        missed.Subscribed(topic);
                        LogSubscribed(topic, node.Address, listened.Filtered ? "filter" : "relay");
                    }
                    await Heed(topic, listened, present.Channels, stopping);
                    live.Heard(node.Address, topic, listened.Since, listened.At);
                }
                if (failures > 0)
                    LogBack(node.Address, failures);
                nodes.NoteBack(node);
                failures = 0;
            }
            catch (WakuException fault)
            {
                metrics.CountNodeFailure();
                nodes.NoteAway(node, fault.Message);
                listener.Forget();
                if (failures == 0)
                    LogAway(fault.Message);
                pause = options.ReconnectDelay(failures++);
            }
            await present.Pause(pause, time, stopping);
        }
    }

    /// <summary>Apart from what hears: stores may be slow, and nodes keep few messages for whoever polls late.</summary>
    private async Task CatchUp(CancellationToken stopping)
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                foreach (var topic in list.Channels.PubsubTopics)
                    await CatchUp(topic, list.Channels, stopping);
                failures = 0;
            }
            catch (WakuException fault)
            {
                if (failures++ == 0)
                    LogNoStore(fault.Message);
            }
            await Task.Delay(options.FollowedRefresh, time, stopping);
        }
    }

    private async Task CatchUp(PubsubTopic topic, FollowedChannels channels, CancellationToken cancellation)
    {
        var burst = announcements.NewBurst();
        foreach (var message in await missed.Fetch(topic, channels.CommunitiesOn(topic), cancellation))
        foreach (var channel in channels.At(topic, message.ContentTopic).Where(channel => channel.Announces))
            await announcements.Heed(message, channel, burst, cancellation);
        await announcements.HandOn(burst, cancellation);
    }

    private async Task Heed(PubsubTopic topic, Listened listened, FollowedChannels channels, CancellationToken cancellation)
    {
        if (listened.Polled.Unreadable > 0)
            metrics.CountHeard(HeardOutcome.Undecodable, listened.Polled.Unreadable);
        // Recorded first: an announcement that nobody takes is tried for a while, and comes again.
        await recorder.Record(topic, listened.Polled.Messages, channels, cancellation);
        foreach (var message in listened.Polled.Messages)
        foreach (var channel in channels.At(topic, message.ContentTopic).Where(channel => channel.Announces))
            await announcements.Heed(message, channel, burst: null, cancellation);
    }

    [LoggerMessage(2, LogLevel.Information, "Listening on {PubsubTopic} through the {Protocol} of the Waku node at {Node}")]
    private partial void LogSubscribed(PubsubTopic pubsubTopic, Uri node, string protocol);

    [LoggerMessage(3, LogLevel.Warning, "Not listening to the Waku network: {Reason} Trying again until it works")]
    private partial void LogAway(string reason);

    [LoggerMessage(4, LogLevel.Information, "The Waku node at {Node} is back after {Failures} failed tries")]
    private partial void LogBack(Uri node, int failures);

    [LoggerMessage(8, LogLevel.Warning, "What was announced while nobody listened is not known: {Reason} Asking again until it works")]
    private partial void LogNoStore(string reason);

    [LoggerMessage(5, LogLevel.Warning, "The list of followed communities could not be read; the last one holds")]
    private partial void LogListFailed(Exception fault);
}
