using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(EnableHistoryArchives command, Community community, Facts facts)
    {
        var topics = Topics(command.ChatIds, command.ContentTopics);
        var pubsubTopic = command.PubsubTopic ?? PubsubTopic.Default;
        if (community.Id is null && command.ControlNode && facts.Sign is null)
            throw new CommandRefused(
                "key_missing",
                $"The private key of community {command.CommunityId} is not on this node: import it with keys import."
            );
        if (community.Id is null)
            return [new HistoryArchivesEnabled(command.CommunityId, command.ControlNode, pubsubTopic, topics, command.EncryptedAfter)];
        if (community.ControlNode != command.ControlNode || community.PubsubTopic != pubsubTopic)
            throw new CommandRefused(
                "already_enabled",
                $"Community {community.Id} is already kept here as {(community.ControlNode ? "control node" : "member")} on {community.PubsubTopic}."
            );
        if (community.EncryptedAfter is { } stated && command.EncryptedAfter != stated)
            throw new CommandRefused(
                "encryption_stated",
                $"Community {community.Id} is stated to encrypt what ends after {stated}, and archives were read and cut so: give EncryptedAfter {stated}."
            );
        if (community.EncryptedAfter != command.EncryptedAfter)
            return [new HistoryArchivesEnabled(command.CommunityId, command.ControlNode, pubsubTopic, topics, command.EncryptedAfter)];
        return community.ContentTopics.SequenceEqual(topics) ? [] : [new ChannelsChanged(command.CommunityId, topics)];
    }

    private static IReadOnlyList<ContentTopic> Topics(IReadOnlyList<string>? chatIds, IReadOnlyList<ContentTopic>? contentTopics) =>
        chatIds is { Count: > 0 } ? [.. chatIds.Select(ContentTopic.OfChat).Distinct()] : [.. (contentTopics ?? []).Distinct()];
}
