using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    /// <summary>A clock further ahead than this would silence the community's later messages for as long.</summary>
    public static readonly TimeSpan MaxClockAhead = TimeSpan.FromDays(1);

    public static bool IsTooFarAhead(Clock clock, DateTimeOffset now) =>
        clock.Milliseconds > (ulong)Math.Max(0, now.Add(MaxClockAhead).ToUnixTimeMilliseconds());

    /// <summary>Why an announcement is left unheeded, which is a fact once; null: it is heeded, or known already.</summary>
    public IgnoredBecause? FindReasonToIgnore(Announced announced, DateTimeOffset now) =>
        // The network brings our own messages back: only a clock that we did not know is a fact.
        ControlNode && announced.Clock <= HighestClock
            ? null
        : IsTooFarAhead(announced.Clock, now) ? IgnoredBecause.ClockTooFarAhead
        : ControlNode ? IgnoredBecause.OwnMessage
        : announced.Clock < HighestClock ? IgnoredBecause.OlderClock
        : announced.Clock == HighestClock && HighestMagnetlink is { } first && announced.Magnetlink != first ? IgnoredBecause.ClockUsedTwice
        : null;

    private static IReadOnlyList<IEvent> Decide(ReceiveMagnetlink command, Community community, Facts facts)
    {
        var announced = facts.Announced ?? throw new ArgumentException("The consumer verifies the message first.", nameof(facts));
        var (id, (clock, magnetlink)) = (command.CommunityId, announced);
        // Anyone can send what the community once signed, as often as he likes: the stream must not grow by it.
        if (community.FindReasonToIgnore(announced, facts.Now) is { } reason)
            return facts.IgnoredBefore.Contains(reason) ? [] : [new MagnetlinkIgnored(id, clock, magnetlink.InfoHash, reason)];
        if (community.ControlNode || (clock == community.HighestClock && community.HighestMagnetlink is not null))
            return [];

        var received = new MagnetlinkReceived(id, clock, magnetlink.InfoHash, magnetlink, command.SignedMessage);
        InfoHash?[] known = [community.Torrent?.InfoHash, community.Downloading?.InfoHash, community.Importing?.InfoHash];
        if (known.Contains(magnetlink.InfoHash))
            return [received];
        var started = new DownloadStarted(id, magnetlink.InfoHash, magnetlink);
        return community.Downloading is { } overtaken
            ? [received, new DownloadCancelled(id, overtaken.InfoHash, magnetlink.InfoHash), started]
            : [received, started];
    }
}
