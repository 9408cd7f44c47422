using System.Diagnostics.Metrics;
using EventArchive.Events;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;

namespace EventArchive.Service;

/// <summary>Once an hour drops the recorded messages that are older than Messages:RetentionDays. Meter: EventArchive.Messages.</summary>
public sealed partial class DropOldMessages(
    MessagesOptions options,
    MessageRetention retention,
    CommunityStore communities,
    TimeProvider time,
    IMeterFactory meters,
    ILogger<DropOldMessages> log
)
{
    public const string MeterName = "EventArchive.Messages";

    /// <summary>Counter of messages dropped by this node.</summary>
    public const string Dropped = "eventarchive.messages.dropped";

    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly Counter<long> dropped = meters
        .Create(MeterName)
        .CreateCounter<long>(Dropped, "{message}", "Recorded messages dropped because they are older than the retention.");

    public async Task Look(CancellationToken cancellation)
    {
        if (options.RetentionDays is not { } days)
            return;
        try
        {
            await Drop(days, cancellation);
        }
        // What it has taken is not known, so all of it is kept.
        catch (UnusableCommunityException error)
        {
            LogNotDropped(error, Interval);
        }
    }

    private async Task Drop(int days, CancellationToken cancellation)
    {
        var outcome = await retention.Drop(time.GetUtcNow().AddDays(-days), TakenOf, cancellation);
        dropped.Add(outcome.Messages);
        if (outcome.Messages > 0)
            LogDropped(outcome.Messages, days, DateTimeOffset.FromUnixTimeSeconds((long)outcome.Before));
        if (outcome.HeldBy is { } community)
            LogHeld(days, DateTimeOffset.FromUnixTimeSeconds((long)outcome.Before), community);
    }

    private async Task<IReadOnlyList<TakenMessages>?> TakenOf(CommunityId id, CancellationToken cancellation)
    {
        var (community, _) = await communities.Load(id, cancellation);
        return community.ControlNode ? community.TakenMessages : null;
    }

    [LoggerMessage(1271, LogLevel.Information, "{Messages} messages were dropped: kept for {Days} days, nothing before {Before:O} is left")]
    private partial void LogDropped(long messages, int days, DateTimeOffset before);

    [LoggerMessage(
        1272,
        LogLevel.Warning,
        "Messages older than {Days} days, from {Before:O} on, are kept: no cut of community {Community} has taken all of that month yet"
    )]
    private partial void LogHeld(int days, DateTimeOffset before, CommunityId community);

    [LoggerMessage(1273, LogLevel.Warning, "Old messages were not dropped; the next try comes in {Interval}")]
    private partial void LogNotDropped(Exception fault, TimeSpan interval);
}
