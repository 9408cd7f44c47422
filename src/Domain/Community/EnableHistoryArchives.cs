using EventArchive.Commands;
using EventArchive.Events;
using EventArchive.Model;

namespace EventArchive.Domain;

public sealed partial record Community
{
    private static IReadOnlyList<IEvent> Decide(EnableHistoryArchives command, Community community, Facts facts)
    {
        var topics = Topics(command.ChatIds, command.ContentTopics);
        var chatIds = KnownChatIds(command.ChatIds, topics, community);
        var pubsubTopic = command.PubsubTopic ?? PubsubTopic.Default;
        if (community.Id is null && command.ControlNode && !facts.KeyIsHere)
            throw new CommandRefused(
                "key_missing",
                $"The private key of community {command.CommunityId} is not here: import it with keys import on any node of the deployment."
            );
        if (community.Id is null)
            return [Enabled()];
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
            return [Enabled()];
        return community.Has(topics, chatIds) ? [] : [new ChannelsChanged(command.CommunityId, topics, ChatIds: chatIds)];

        HistoryArchivesEnabled Enabled() =>
            new(command.CommunityId, command.ControlNode, pubsubTopic, topics, command.EncryptedAfter, chatIds);
    }

    private static IReadOnlyList<ContentTopic> Topics(IReadOnlyList<string>? chatIds, IReadOnlyList<ContentTopic>? contentTopics) =>
        chatIds is { Count: > 0 } ? [.. chatIds.Select(ContentTopic.OfChat).Distinct()] : [.. (contentTopics ?? []).Distinct()];

    /// <summary>Whoever names content topics alone does not make forget the ids that go with them. Null: none is known.</summary>
    private static IReadOnlyList<string>? KnownChatIds(
        IReadOnlyList<string>? given,
        IReadOnlyList<ContentTopic> topics,
        Community community
    )
    {
        string[] known = given is { Count: > 0 }
            ? [.. given.Distinct()]
            : [.. community.ChatIds.Where(id => topics.Contains(ContentTopic.OfChat(id)))];
        return known.Length == 0 ? null : known;
    }

    private bool Has(IReadOnlyList<ContentTopic> topics, IReadOnlyList<string>? chatIds) =>
        ContentTopics.SequenceEqual(topics) && ChatIds.SequenceEqual(chatIds ?? []);
}
