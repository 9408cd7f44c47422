using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(ChangeChannels command, Community community)
    {
        var topics = Topics(command.ChatIds, command.ContentTopics);
        if (community.ControlNode && topics.Count == 0)
            throw new CommandRefused("no_channels", "A control node archives channels: give ChatIds or ContentTopics.");
        return community.ContentTopics.SequenceEqual(topics) ? [] : [new ChannelsChanged(command.CommunityId, topics)];
    }
}
