using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Model;
using EventArchive.Projections;

namespace EventArchive.Handlers;

/// <summary>A command whose time has come.</summary>
/// <param name="MessageId">The same on every node and after every restart, so that it is handled once; another one for each further try.</param>
public sealed record DueCommand(ICommand Command, Guid MessageId);

/// <summary>The schedule: what is due, from what happened and the time alone.</summary>
public static class DueCommands
{
    private static readonly Guid Namespace = new("4f0b4a1e-5d0c-4b7e-8a3f-6c2f9b1d7e52");

    /// <param name="oldestMessage">The community's oldest recorded message, Unix seconds. It counts while nothing is cut yet; null: none.</param>
    /// <returns>Null: no window is over, or a cut is under way.</returns>
    public static DueCommand? Cut(CommunitySchedule row, ulong? oldestMessage, ScheduleOptions options, DateTimeOffset now)
    {
        var every = (ulong)options.CutEvery.TotalSeconds;
        var ripe = (now - options.CutDelay).ToUnixTimeSeconds();
        if (every == 0 || row.Cutting || (row.ArchivedUntil ?? oldestMessage) is not { } from || ripe < 0 || (ulong)ripe < from + every)
            return null;
        var windows = Math.Min(((ulong)ripe - from) / every, Community.MaxWindowsPerCut);
        var to = from + (windows * every);
        if (now < row.CutFailedAt + options.RetryAfter)
            return null;
        return Due(
            new CreateArchive(row.CommunityId, To: to, PartitionSeconds: (uint)every),
            $"cut {to}",
            DateTimeOffset.FromUnixTimeSeconds((long)to) + options.CutDelay,
            options,
            now
        );
    }

    /// <param name="restarted">When a seeder of this community was last restarted; null: none was.</param>
    /// <returns>Null: nobody serves the torrent yet, an announcement is under way, or it is not time yet.</returns>
    public static DueCommand? Announcement(CommunitySchedule row, DateTimeOffset? restarted, ScheduleOptions options, DateTimeOffset now)
    {
        if (row.SeededAt is not { } seeded)
            return null;
        var since = row.LastAnnouncement?.Clock ?? Clock.Zero;
        var at = row.LastAnnouncement switch
        {
            // It was asked for with the first seeder: asking again is quiet. An older release asked only where it had the key.
            null => seeded + options.RetryAfter,
            var last when last.InfoHash != row.Torrent => seeded + options.RetryAfter,
            { State: AnnouncementState.UnderWay } => (DateTimeOffset?)null,
            { State: AnnouncementState.Failed } last => last.At + options.RetryAfter,
            var last => Earlier(Regular(last.At, options), AfterRestart(last.At, restarted, options)),
        };
        return at is { } due && now >= due
            ? Due(new AnnounceArchive(row.CommunityId, since), $"announce after {since}", due, options, now)
            : null;
    }

    private static DateTimeOffset? Regular(DateTimeOffset last, ScheduleOptions options) =>
        options.AnnounceEvery > TimeSpan.Zero ? last + options.AnnounceEvery : null;

    private static DateTimeOffset? AfterRestart(DateTimeOffset last, DateTimeOffset? restarted, ScheduleOptions options) =>
        options.AnnounceAfterRestart > TimeSpan.Zero && restarted > last
            ? Later(restarted.Value, last + options.AnnounceAfterRestart)
            : null;

    private static DateTimeOffset Later(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) => left < right || right is null ? left : right;

    /// <summary>Each span of RetryAfter has an id of its own: what was refused in one is asked again in the next.</summary>
    private static DueCommand Due(ICommand command, string what, DateTimeOffset due, ScheduleOptions options, DateTimeOffset now) =>
        new(command, DerivedId.From(Namespace, $"{command.CommunityId} {what} try {(now - due).Ticks / options.RetryAfter.Ticks}"));
}
