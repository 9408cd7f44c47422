using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(ChangeChannels command, Community community, Facts facts)
    {
        if (command.DescriptionRevision < community.DescriptionRevision)
            return [];
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
        var pubsubTopic = command.PubsubTopic == community.PubsubTopic ? null : command.PubsubTopic;
        // A description rises with every member who comes or goes: one that says nothing new here is no event.
        return clock is null && pubsubTopic is null && community.Has(topics, chatIds)
            ? []
            :
            [
                new ChannelsChanged(
                    command.CommunityId,
                    topics,
                    clock,
                    chatIds,
                    DescriptionRevision: command.DescriptionRevision,
                    PubsubTopic: pubsubTopic
                ),
            ];
    }

    private Community Evolve(ChannelsChanged e)
    {
        var changed = this with
        {
            ContentTopics = e.ContentTopics,
            ChatIds = e.ChatIds ?? [],
            PubsubTopic = e.PubsubTopic ?? PubsubTopic,
            DescriptionClock = e.MagnetlinkClock ?? DescriptionClock,
            DescriptionRevision = e.DescriptionRevision ?? DescriptionRevision,
        };
        // The message with this clock is still news when it comes; those before it are old.
        return e.MagnetlinkClock > HighestClock
            ? changed with
            {
                HighestClock = e.MagnetlinkClock.Value,
                HighestMagnetlink = null,
            }
            : changed;
    }
}
