using EventArchive.Domain;
using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging;

namespace EventArchive.Waku;

/// <summary>
/// Hands on the magnetlink messages and the descriptions that a community's key signed, at least once each (two channels carry the same message
/// twice). What others signed and what cannot be read is counted, named in the log now and then, and never handed on. Safe for many threads.
/// </summary>
/// <param name="received">Takes the community and the signed ApplicationMetadataMessage.</param>
public sealed partial class MagnetlinkListener(
    WakuKeys keys,
    Func<CommunityId, byte[], CancellationToken, Task> received,
    WakuOptions options,
    WakuMetrics metrics,
    TimeProvider time,
    ILogger<MagnetlinkListener> log
)
{
    /// <summary>At most one unheeded message in this time is named in the log; the counters have them all.</summary>
    public static readonly TimeSpan LogSample = TimeSpan.FromSeconds(10);

    private long? sampledAt;

    /// <param name="burst">Collects what is to be handed on by <see cref="HandOn"/>; null: it is handed on at once.</param>
    internal async Task Heed(WakuMessage message, FollowedChannel channel, Burst? burst, CancellationToken cancellation)
    {
        var community = channel.Community;
        var heard = HeardMessage.Read(message, community, keys.Of(channel.ChatId!).Span);
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

    /// <summary>Of all that was sent while nobody listened only the newest is news.</summary>
    internal async Task HandOn(Burst burst, CancellationToken cancellation)
    {
        foreach (var (community, heard) in burst.Newest)
            metrics.CountHeard(await HandOver(community, heard.SignedMessage, cancellation));
    }

    internal Burst NewBurst() => new(new Clock((ulong)(time.GetUtcNow() + Community.MaxClockAhead).ToUnixTimeMilliseconds()));

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
            await Task.Delay(options.ReconnectDelay(attempt), time, cancellation);
        }
    }

    private void Sample(CommunityId community, string reason)
    {
        if (sampledAt is { } at && time.GetElapsedTime(at) < LogSample)
            return;
        sampledAt = time.GetTimestamp();
        LogUnheeded(community, reason);
    }

    [LoggerMessage(6, LogLevel.Information, "A message on a channel of {Community} is left unheeded (one of possibly many): {Reason}")]
    private partial void LogUnheeded(CommunityId community, string reason);

    [LoggerMessage(
        7,
        LogLevel.Error,
        "A magnetlink message of {Community} was given up after {Tries} tries to hand it on; the next announcement brings its news"
    )]
    private partial void LogGivenUp(Exception fault, CommunityId community, int tries);
}
