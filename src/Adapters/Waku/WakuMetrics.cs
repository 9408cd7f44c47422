using System.Diagnostics.Metrics;

namespace EventArchive.Waku;

/// <summary>What passes between the Waku network and this process. Meter: EventArchive.Waku.</summary>
public sealed class WakuMetrics
{
    public const string MeterName = "EventArchive.Waku";

    /// <summary>Counter of messages heard on the channels of followed communities, by the tag <c>outcome</c>.</summary>
    public const string Heard = "eventarchive.waku.heard";

    /// <summary>Counter of messages a node took, one per channel.</summary>
    public const string Sent = "eventarchive.waku.sent";

    /// <summary>Counter of failed conversations with the node.</summary>
    public const string NodeFailures = "eventarchive.waku.node_failures";

    /// <summary>Counter of messages recorded for archives, each once.</summary>
    public const string Recorded = "eventarchive.waku.recorded";

    private readonly Counter<long> heard;
    private readonly Counter<long> recorded;
    private readonly Counter<long> sent;
    private readonly Counter<long> nodeFailures;

    public WakuMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        heard = meter.CreateCounter<long>(Heard, "{message}", "Messages heard on the channels of followed communities.");
        recorded = meter.CreateCounter<long>(Recorded, "{message}", "Messages recorded for archives.");
        sent = meter.CreateCounter<long>(Sent, "{message}", "Messages that a node took.");
        nodeFailures = meter.CreateCounter<long>(NodeFailures, "{failure}", "Failed conversations with the Waku node.");
    }

    internal void CountHeard(HeardOutcome outcome, int count = 1) =>
        heard.Add(
            count,
            new KeyValuePair<string, object?>(
                "outcome",
                outcome switch
                {
                    HeardOutcome.HandedOn => "handed_on",
                    HeardOutcome.Overtaken => "overtaken",
                    HeardOutcome.Stranger => "stranger",
                    HeardOutcome.OtherType => "other_type",
                    HeardOutcome.Undecodable => "undecodable",
                    _ => "given_up",
                }
            )
        );

    internal void CountRecorded(long count) => recorded.Add(count);

    internal void CountSent() => sent.Add(1);

    internal void CountNodeFailure() => nodeFailures.Add(1);
}
