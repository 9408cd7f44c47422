using EventArchive.Handlers;
using EventArchive.Model;
using Microsoft.Extensions.Logging;

namespace EventArchive.Waku;

/// <summary>
/// Hands on the magnetlink messages that a community's key signed, at least once each (the two channels carry the same message twice). What
/// others signed and what cannot be read is counted, named in the log now and then, and never handed on. Safe for many threads.
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

    /// <param name="settled">Communities to pass over, because a newer message of theirs was handed on; null: none.</param>
    internal async Task Heed(WakuMessage message, FollowedChannel channel, HashSet<CommunityId>? settled, CancellationToken cancellation)
    {
        var community = channel.Community;
        if (settled?.Contains(community) == true)
            return;
        var heard = HeardMessage.Read(message, community, keys.Of(channel.ChatId).Span);
        var outcome = heard.Outcome;
        if (outcome == HeardOutcome.HandedOn)
            outcome = await HandOver(community, heard.SignedMessage, cancellation);
        else if (outcome != HeardOutcome.OtherType)
            Sample(community, heard.Reason);
        if (outcome == HeardOutcome.HandedOn)
            settled?.Add(community);
        metrics.CountHeard(outcome);
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
