using System.CommandLine;
using EventArchive.Model;
using EventArchive.Postgres;

namespace EventArchive.Service;

/// <summary>The keys of channels that are known by content topic alone.</summary>
public static partial class KeysVerbs
{
    private static Option<ContentTopic?> Channel(string description) =>
        new("--channel")
        {
            Description = description,
            HelpName = "TOPIC",
            CustomParser = result =>
            {
                if (ContentTopic.TryParse(result.Tokens[0].Value, null, out var topic))
                    return topic;
                result.AddError("TOPIC is a content topic, 0x and 8 hexadecimal digits.");
                return null;
            },
        };

    private static async Task<int> ImportChannel(
        ParseResult parsed,
        CommunityId? community,
        ContentTopic topic,
        byte[] key,
        CancellationToken cancellation
    )
    {
        if (community is null)
            throw new ArgumentException("Say whose channel it is: --community ID.");
        await using var stores = await Stores.Open(cancellation, withKeyRing: true);
        await stores.GetRequiredService<TopicKeys>().Import(community, topic, key, cancellation);
        return Output.Write(
            parsed,
            new { communityId = community, contentTopic = topic },
            () => Console.WriteLine($"The key of channel {topic} of community {community} is kept, encrypted.")
        );
    }

    private static async Task<byte[]> ChannelKeyOf(
        CommunityId community,
        ContentTopic topic,
        ServiceProvider stores,
        CancellationToken cancellation
    ) =>
        (await stores.GetRequiredService<TopicKeys>().Find(community, cancellation)).GetValueOrDefault(topic)
        ?? throw NotHere(community, topic);

    private static async Task<int> ForgetChannel(
        ParseResult parsed,
        CommunityId community,
        ContentTopic topic,
        bool sure,
        CancellationToken cancellation
    )
    {
        if (!sure)
            throw new ArgumentException(
                "Without the key nothing more that is said on the channel is recorded: export it with --channel, then say --yes."
            );
        await using var stores = await Stores.Open(cancellation);
        if (!await stores.GetRequiredService<TopicKeys>().Forget(community, topic, cancellation))
            throw NotHere(community, topic);
        return Output.Write(
            parsed,
            new { forgotten = community, contentTopic = topic },
            () => Console.WriteLine($"The key of channel {topic} of community {community} is removed.")
        );
    }

    private static ArgumentException NotHere(CommunityId community, ContentTopic topic) =>
        new($"No key of channel {topic} of community {community} is kept here: see eventarchive keys list.");
}
