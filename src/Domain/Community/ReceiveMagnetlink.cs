using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    /// <summary>A clock further ahead than this would silence the community's later messages for as long.</summary>
    public static readonly TimeSpan MaxClockAhead = TimeSpan.FromDays(1);

    private static IReadOnlyList<IEvent> Decide(ReceiveMagnetlink command, Community community, Facts facts)
    {
        var (clock, magnetlink) = facts.Announced ?? throw new ArgumentException("The consumer verifies the message first.", nameof(facts));
        var id = command.CommunityId;
        if (clock.Milliseconds > (ulong)facts.Now.Add(MaxClockAhead).ToUnixTimeMilliseconds())
            return [new MagnetlinkIgnored(id, clock, magnetlink.InfoHash, IgnoredBecause.ClockTooFarAhead)];
        if (community.ControlNode)
            // The network brings our own messages back: only a clock that we did not know is a fact.
            return clock > community.HighestClock ? [new MagnetlinkIgnored(id, clock, magnetlink.InfoHash, IgnoredBecause.OwnMessage)] : [];
        if (clock < community.HighestClock)
            return [new MagnetlinkIgnored(id, clock, magnetlink.InfoHash, IgnoredBecause.OlderClock)];
        if (clock == community.HighestClock)
            return magnetlink == community.HighestMagnetlink
                ? []
                : [new MagnetlinkIgnored(id, clock, magnetlink.InfoHash, IgnoredBecause.ClockUsedTwice)];

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
