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
        // The network brings our own messages back: only a clock that we did not know is a fact.
        if (community.ControlNode && clock <= community.HighestClock)
            return [];
        if (clock.Milliseconds > (ulong)facts.Now.Add(MaxClockAhead).ToUnixTimeMilliseconds())
            return Ignore(IgnoredBecause.ClockTooFarAhead);
        if (community.ControlNode)
            return Ignore(IgnoredBecause.OwnMessage);
        if (clock < community.HighestClock)
            return Ignore(IgnoredBecause.OlderClock);
        if (clock == community.HighestClock && community.HighestMagnetlink is { } first)
            return magnetlink == first ? [] : Ignore(IgnoredBecause.ClockUsedTwice);

        var received = new MagnetlinkReceived(id, clock, magnetlink.InfoHash, magnetlink, command.SignedMessage);
        InfoHash?[] known = [community.Torrent?.InfoHash, community.Downloading?.InfoHash, community.Importing?.InfoHash];
        if (known.Contains(magnetlink.InfoHash))
            return [received];
        var started = new DownloadStarted(id, magnetlink.InfoHash, magnetlink);
        return community.Downloading is { } overtaken
            ? [received, new DownloadCancelled(id, overtaken.InfoHash, magnetlink.InfoHash), started]
            : [received, started];

        IReadOnlyList<IEvent> Ignore(IgnoredBecause reason)
        {
            var ignored = new MagnetlinkIgnored(id, clock, magnetlink.InfoHash, reason);
            // Anyone can send what the community once signed, as often as he likes: the stream must not grow by it.
            return community.Ignored.Contains(ignored) ? [] : [ignored];
        }
    }
}
