using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

public sealed class NetworkMessageTests
{
    public static TheoryData<string> Cases => MagnetlinkEnvelopeTests.Cases;

    public static TheoryData<string, string, string, string> Topics =>
        [
            .. MessageVector
                .Load("topics.json")
                .GetProperty("cases")
                .EnumerateArray()
                .Select(one => new TheoryDataRow<string, string, string, string>(
                    one.GetProperty("chatId").GetString()!,
                    one.GetProperty("topic").GetString()!,
                    one.GetProperty("contentTopic").GetString()!,
                    one.GetProperty("symKey").GetString()!
                )),
        ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bytes_and_hash_follow_from_the_fields_and_the_fields_from_the_bytes(string name)
    {
        var vector = MessageVector.Named(name);
        var message = new WakuMessage(
            vector.Bytes("wakuPayload"),
            vector.Text("contentTopic"),
            Version: 1,
            vector.Encoded.GetProperty("timestampNs").GetInt64(),
            vector.Encoded.TryGetProperty("meta", out _) ? vector.Bytes("meta") : [],
            Ephemeral: false
        );
        Hex.Encode(message.ToProtobuf()).ShouldBe(vector.Text("wakuMessage"));
        Hex.Encode(message.Hash(PubsubTopic.Parse(vector.Text("pubsubTopic")))).ShouldBe(vector.Text("wakuMessageHash"));
        WakuMessage.FromProtobuf(vector.Bytes("wakuMessage")).ToProtobuf().ShouldBe(vector.Bytes("wakuMessage"));
    }

    [Fact]
    public void Meta_on_a_protected_shard_holds_for_exactly_this_message()
    {
        var vector = MessageVector.Named("sharded-protected-a");
        var message = WakuMessage.FromProtobuf(vector.Bytes("wakuMessage"));
        var topic = PubsubTopic.Parse(vector.Text("pubsubTopic"));
        var key = vector.Bytes("topicPublicKey");
        message.Meta.Length.ShouldBe(64);
        ProtectedShard.Sign(message, topic, vector.Key("topicPrivateKey")).Meta.ShouldBe(vector.Bytes("meta"));
        ProtectedShard.Verify(message, topic, key).ShouldBeTrue();
        ProtectedShard.Verify(message, topic, Secp256k1.Compress(key)).ShouldBeTrue();
        ProtectedShard.Verify(message with { Timestamp = message.Timestamp + 1 }, topic, key).ShouldBeFalse();
        ProtectedShard.Verify(message with { Ephemeral = true }, topic, key).ShouldBeFalse();
        ProtectedShard.Verify(message, topic with { Index = 32 }, key).ShouldBeFalse();
        ProtectedShard.Verify(message with { Meta = [] }, topic, key).ShouldBeFalse();
        ProtectedShard.Verify(message, topic, vector.Bytes("senderPublicKey")).ShouldBeFalse();
        ProtectedShard.Verify(message, topic, []).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Topics))]
    public void A_chat_id_gives_the_topic_and_key_that_Status_uses(string chatId, string topic, string contentTopic, string symKey)
    {
        ContentTopic.OfChat(chatId).ToString().ShouldBe(topic);
        ContentTopic.OfChat(chatId).Name.ShouldBe(contentTopic);
        Hex.Encode(new WakuKeys().Of(chatId).Span).ShouldBe(symKey);
    }

    [Fact]
    public void A_community_is_heard_on_both_channels_because_Status_moved_from_one_to_the_other()
    {
        var community = CommunityKey.IdOf(MessageVector.Named("plain-11").Key("communityPrivateKey"));
        MagnetlinkChannels.Of(community).ShouldBe([$"{community}-magnetlinks", $"{community}-memberUpdate"]);
    }

    [Fact]
    public async Task Derived_keys_are_stored_and_what_is_stored_is_not_derived_again_because_each_takes_milliseconds()
    {
        var (store, cancellation) = (new InMemoryChannelKeys(), TestContext.Current.CancellationToken);
        byte[] marked = [.. Enumerable.Repeat((byte)7, WakuKeys.KeyBytes)];
        await store.Keep(new Dictionary<string, byte[]> { ["stored"] = marked, ["spoilt"] = [1] }, cancellation);
        var keys = new WakuKeys();

        await keys.Prepare(["new", "stored", "spoilt"], store, cancellation);

        keys.Of("stored").ToArray().ShouldBe(marked);
        var derived = new WakuKeys();
        keys.Of("spoilt").ToArray().ShouldBe(derived.Of("spoilt").ToArray());
        (await store.Find(["new"], cancellation))["new"].ShouldBe(derived.Of("new").ToArray());
    }

    [Fact]
    public void Keys_are_kept_and_no_more_than_said()
    {
        var keys = new WakuKeys(maxKept: 2);
        var first = keys.Of("a");
        keys.Of("a").ShouldBe(first);
        keys.Of("b");
        keys.Keeps("a").ShouldBeTrue();
        keys.Of("c");
        keys.Keeps("a").ShouldBeFalse();
        keys.Keeps("c").ShouldBeTrue();
        keys.Of("a").ToArray().ShouldBe(first.ToArray());
    }

    [Fact]
    public void Bytes_that_are_no_message_are_refused_and_nothing_else_happens()
    {
        var whole = MessageVector.Named("plain-11").Bytes("wakuMessage");
        Should.Throw<FormatException>(() => WakuMessage.FromProtobuf(whole.AsSpan(0, whole.Length - 1)));
        Should.Throw<FormatException>(() => WakuMessage.FromProtobuf(new byte[WakuMessage.MaxBytes + 1]));
        Should.Throw<FormatException>(() => WakuMessage.FromProtobuf(Nested.Groups(100_000)));
    }
}
