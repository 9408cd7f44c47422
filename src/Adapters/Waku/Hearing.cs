using EventArchive.Domain;
using EventArchive.Handlers;
using EventArchive.Model;
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
)
{
    private readonly ILogger log = logs.CreateLogger<Hearing>();
    private readonly SemaphoreSlim woken = new(0);
    private readonly LiveRanges live = new(options.Settle);
    private readonly MessageRecorder recorder = new(messages, keys, options, metrics, time, logs.CreateLogger<MessageRecorder>());
    private readonly MissedMessages missed = new(nodes, options, time);
    private readonly Dictionary<NwakuClient, Line> lines = nodes.All.ToDictionary(
        node => node,
        node => new Line(new NodeListener(node, options, time))
    );
    private volatile FollowedList list = FollowedList.Empty;
    private FollowedList accounted = FollowedList.Empty;
    private GapFiller? filler;
    private bool silentStores;

    /// <summary>Reads the list of followed communities at once instead of at its next time.</summary>
    public void Wake() => woken.Release();

    public IReadOnlyList<NwakuClient> Nodes => nodes.All;

    public async Task ReadList(CancellationToken cancellation)
    {
        var channels = new FollowedChannels(await followed(cancellation));
        await keys.Prepare([.. channels.ChatIds.Distinct()], channelKeys, cancellation);
        // Before the pauses end that the new one cuts short.
        list = new FollowedList(channels, list, time.GetUtcNow());
    }

    public Task WaitForList(CancellationToken cancellation) => woken.WaitAsync(options.FollowedRefresh, cancellation);

    /// <summary>Takes what one node has heard since the last call. A node that is away is what may be: it is noted, and waited for.</summary>
    public async Task Hear(NwakuClient node, CancellationToken cancellation)
    {
        var line = lines[node];
        line.Pause = options.PollInterval;
        line.List = list;
        try
        {
            foreach (var topic in line.List.Channels.PubsubTopics)
                await Hear(topic, line, cancellation);
            if (line.Failures > 0)
                LogBack(node.Address, line.Failures);
            nodes.NoteBack(node);
            line.Failures = 0;
        }
        catch (WakuException fault)
        {
            metrics.CountNodeFailure();
            nodes.NoteAway(node, fault.Message);
            line.Listener.Forget();
            if (line.Failures == 0)
                LogAway(fault.Message);
            line.Pause = options.ReconnectDelay(line.Failures++);
        }
        catch
        {
            // What was polled may be lost: the time since the last subscription does not count as heard.
            line.Listener.Forget();
            throw;
        }
    }

    public Task Wait(NwakuClient node, CancellationToken cancellation) => lines[node].List.Pause(lines[node].Pause, time, cancellation);

    private async Task Hear(PubsubTopic topic, Line line, CancellationToken cancellation)
    {
        var channels = line.List.Channels;
        var address = line.Listener.Node.Address;
        if (await line.Listener.Listen(topic, channels.ContentTopicsOn(topic), cancellation) is not { } listened)
            return;
        if (listened.IsNew)
        {
            missed.Subscribed(topic);
            LogSubscribed(topic, address, listened.Filtered ? "filter" : "relay");
        }
        await Heed(topic, listened, channels, cancellation);
        live.Heard(address, topic, listened.Since, listened.At);
    }

    /// <summary>Apart from what hears: stores may be slow, and nodes keep few messages for whoever polls late.</summary>
    public async Task CatchUp(CancellationToken cancellation)
    {
        try
        {
            foreach (var topic in list.Channels.PubsubTopics)
                await CatchUp(topic, list.Channels, cancellation);
            silentStores = false;
        }
        catch (WakuException fault)
        {
            if (!silentStores)
                LogNoStore(fault.Message);
            silentStores = true;
        }
    }

    public async Task FillGaps(CancellationToken cancellation)
    {
        accounted = list;
        filler ??= new GapFiller(nodes, recorder, live, coverage, report, options, time, logs.CreateLogger<GapFiller>());
        await filler.Round(accounted, cancellation);
    }

    public Task WaitForGaps(CancellationToken cancellation) => accounted.Pause(options.GapCheck, time, cancellation);

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

    /// <summary>One node that is listened to.</summary>
    private sealed class Line(NodeListener listener)
    {
        public NodeListener Listener => listener;

        /// <summary>In a row.</summary>
        public int Failures { get; set; }

        public TimeSpan Pause { get; set; }

        public FollowedList List { get; set; } = FollowedList.Empty;
    }
}
