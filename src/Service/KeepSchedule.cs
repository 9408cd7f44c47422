using System.Security.Cryptography;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Postgres;
using EventArchive.Projections;
using Microsoft.Extensions.Options;

namespace EventArchive.Service;

/// <summary>
/// Handles the commands of <see cref="DueCommands"/>. Every node does so at its own pace: what is due follows from the events, and the ids of
/// the commands from what is due, so restarts and further nodes change nothing.
/// </summary>
public sealed partial class KeepSchedule(
    ProjectionReader projections,
    IMessageStore messages,
    CommandHandler commands,
    RestartedSeeders restarted,
    ScheduleOptions options,
    IOptions<NodeOptions> node,
    TimeProvider time,
    ILogger<KeepSchedule> log
)
{
    /// <summary>What this node asked for last, by community and command, and the refusal: the answer stays the same until the id changes.</summary>
    private readonly Dictionary<(CommunityId, Type), (Guid MessageId, string? Refusal)> asked = [];

    /// <summary>What was due and did not come about, as the last look found it; a sentence each.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    public async Task Look(CancellationToken cancellation)
    {
        List<string> problems = [];
        await foreach (var row in projections.List<CommunitySchedule>(community: null, cancellation))
        {
            var now = time.GetUtcNow();
            if (row.LastAnnouncement is { State: AnnouncementState.Failed } failed)
                problems.Add(
                    $"The announcement of {row.CommunityId} with the clock {failed.Clock} was given up at {failed.At:u}, its lastFailure says why; "
                        + $"another is made after {options.RetryAfter}."
                );
            await Ask(DueCommands.Announcement(row, restarted.Find(row.CommunityId), options, now), problems, cancellation);
            if (options.CutEvery > TimeSpan.Zero && !row.Cutting)
                await Ask(DueCommands.Cut(row, await Oldest(row, cancellation), options, now), problems, cancellation);
        }
        Problems = problems;
    }

    private async Task<ulong?> Oldest(CommunitySchedule row, CancellationToken cancellation) =>
        row.ArchivedUntil is null ? (await messages.Range(row.CommunityId, row.ContentTopics, cancellation))?.OldestTimestamp : null;

    private async Task Ask(DueCommand? due, List<string> problems, CancellationToken cancellation)
    {
        if (due is null)
            return;
        var key = (due.Command.CommunityId, due.Command.GetType());
        if (!asked.TryGetValue(key, out var last) || last.MessageId != due.MessageId)
            asked[key] = last = (due.MessageId, await Handle(due, cancellation));
        if (last.Refusal is not null)
            problems.Add($"{due.Command.GetType().Name} of {due.Command.CommunityId} was due and did not come about: {last.Refusal}");
    }

    /// <summary>Null: it was taken.</summary>
    private async Task<string?> Handle(DueCommand due, CancellationToken cancellation)
    {
        try
        {
            var outcome = await commands.Handle(due.Command, new Cause(due.MessageId, Actor.Node(node.Value.Name)), cancellation);
            if (outcome.Refusal is { } refusal)
                LogRefused(due.Command.GetType().Name, due.Command.CommunityId, options.RetryAfter, refusal.Reason);
            return outcome.Refusal?.Reason;
        }
        // A key that cannot be decrypted, or a spoilt event, is one community's: the others go on.
        catch (Exception fault) when (fault is CryptographicException or UnusableCommunityException)
        {
            LogNotHandled(fault, due.Command.GetType().Name, due.Command.CommunityId);
            return fault.Message;
        }
    }

    [LoggerMessage(1221, LogLevel.Warning, "{Command} of {Community} was due and is refused; it is tried again every {Interval}: {Reason}")]
    private partial void LogRefused(string command, CommunityId community, TimeSpan interval, string reason);

    [LoggerMessage(1222, LogLevel.Error, "{Command} of {Community} was due and cannot be handled")]
    private partial void LogNotHandled(Exception fault, string command, CommunityId community);
}
