using System.Security.Cryptography;
using EventArchive.Model;
using EventArchive.Waku;

namespace EventArchive.Tests.Waku;

/// <summary>What members say on a channel, as Status would send it.</summary>
internal static class Chatter
{
    public const string ChatId = "0x02-a-channel";

    public static readonly CommunityId Community = CommunityKey.IdOf([.. Enumerable.Repeat((byte)0x11, 32)]);
    public static readonly ContentTopic Topic = ContentTopic.OfChat(ChatId);
    public static readonly FollowedCommunity Followed = new(Community, PubsubTopic.Default, Recorded: true, [ChatId]);

    private static readonly byte[] Member = [.. Enumerable.Repeat((byte)0x22, 32)];
    private static readonly byte[] ChannelKey = new WakuKeys().Of(ChatId).ToArray();

    public static WakuMessage Says(byte[] data, DateTimeOffset at, string chatId = ChatId)
    {
        var key = chatId == ChatId ? ChannelKey : new WakuKeys().Of(chatId).ToArray();
        return new WakuMessage(
            WakuPayload.Seal(data, Member, key, RandomNumberGenerator.Fill),
            ContentTopic.OfChat(chatId).Name,
            WakuMessage.StatusVersion,
            (at - DateTimeOffset.UnixEpoch).Ticks * 100,
            Meta: [],
            Ephemeral: false
        );
    }
}
