using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(ChangeChannels command, Community community, Facts facts)
    {
        var topics = Topics(command.ChatIds, command.ContentTopics);
        if (community.ControlNode && topics.Count == 0)
            throw new CommandRefused("no_channels", "A control node archives channels: give ChatIds or ContentTopics.");
        if (command.MagnetlinkClock?.Milliseconds > (ulong)facts.Now.Add(MaxClockAhead).ToUnixTimeMilliseconds())
            throw new CommandRefused(
                "clock_too_far_ahead",
                $"The clock {command.MagnetlinkClock} is more than a day ahead, and would silence the community until then: check its unit, milliseconds."
            );
        var clock = command.MagnetlinkClock > (community.DescriptionClock ?? Clock.Zero) ? command.MagnetlinkClock : null;
        var chatIds = KnownChatIds(command.ChatIds, topics, community);
        return clock is null && community.Has(topics, chatIds) ? [] : [new ChannelsChanged(command.CommunityId, topics, clock, chatIds)];
    }
}
