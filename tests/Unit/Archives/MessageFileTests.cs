using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventArchive.Archives;
using EventArchive.Handlers;
using EventArchive.Model;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Archives;

public sealed class MessageFileTests
{
    private const string Key = "0x1111111111111111111111111111111111111111111111111111111111111111";

    [Fact]
    public void A_file_is_read_with_its_messages_in_their_order()
    {
        var file = Parse(Sample());

        file.Messages.Select(message => message.Timestamp).ShouldBe([150UL, 100, 150]);
        file.ContentTopics.ShouldBe([ContentTopic.OfChat("one"), ContentTopic.OfChat("two")]);
        (file.StartDate, file.EndDate, file.PartitionSeconds).ShouldBe((100UL, 300UL, 60U));
        file.CommunityId.ShouldBeNull();
        file.CopyPrivateKey().ShouldBe(Convert.FromHexString(Key[2..]));
    }

    [Fact]
    public async Task A_window_gives_its_messages_in_the_order_of_the_file()
    {
        var file = Parse(Sample());

        (await Window(100, 151)).ShouldBe(["0x01", "0x02", "0x03"]);
        (await Window(101, 151)).ShouldBe(["0x01", "0x03"]);
        (await Window(100, 150)).ShouldBe(["0x02"]);
        (await Window(151, 300)).ShouldBeEmpty();
        (await Window(0, ulong.MaxValue)).Count.ShouldBe(3);

        async Task<List<string>> Window(ulong from, ulong to)
        {
            var messages = await file.ReadMessages(new CutWindow(from, to), TestContext.Current.CancellationToken)
                .ToListAsync(TestContext.Current.CancellationToken);
            return [.. messages.Select(message => Hex.Encode(message.Hash))];
        }
    }

    [Fact]
    public void Topics_may_stand_in_the_place_of_chat_ids_and_an_id_in_that_of_the_key()
    {
        var json = Sample();
        json.Remove("chatIds");
        json.Remove("communityPrivateKey");
        json["topics"] = new JsonArray("0x01020304");
        json["communityId"] = TemporaryTree.Community.ToString();
        json["messages"] = new JsonArray(
            new JsonObject
            {
                ["sig"] = "0x04",
                ["timestamp"] = 100,
                ["topic"] = "0x01020304",
                ["payload"] = "0x",
                ["hash"] = "0x01",
            }
        );

        var file = Parse(json);

        file.CommunityId.ShouldBe(TemporaryTree.Community);
        file.CopyPrivateKey().ShouldBeNull();
        file.Messages.ShouldHaveSingleItem().Topic.ShouldBe(TemporaryTree.Topic);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over() =>
        MessageFile.Parse((byte[])[0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Sample().ToJsonString())]).Messages.Count.ShouldBe(3);

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \n", "empty")]
    [InlineData("hello", "not JSON")]
    [InlineData("{\"messages\":[", "not JSON")]
    [InlineData("{\"startDate\":1,\"startDate\":2}", "not JSON")]
    [InlineData("[]", "object")]
    [InlineData("null", "object")]
    [InlineData("{\"a\\ud800\":1}", "half a character")]
    public void What_is_no_message_file_is_refused_with_the_reason(string text, string reason) =>
        Should.Throw<FormatException>(() => MessageFile.Parse(Encoding.UTF8.GetBytes(text))).Message.ShouldContain(reason);

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Should.Throw<FormatException>(() => MessageFile.Parse(Encoding.UTF8.GetBytes(new string('[', 100_000))));

    [Theory]
    [InlineData("startDate", "-1", "field startDate")]
    [InlineData("startDate", "1.5", "field startDate")]
    [InlineData("startDate", "\"1\"", "field startDate")]
    [InlineData("startDate", "18446744073709551616", "field startDate")]
    [InlineData("startDate", "300", "field endDate")]
    [InlineData("endDate", "99", "field endDate")]
    [InlineData("endDate", "18446744073709551615", "field partitionSeconds")]
    [InlineData("partitionSeconds", "0", "field partitionSeconds")]
    [InlineData("partitionSeconds", "4294967296", "field partitionSeconds")]
    [InlineData("chatIds", "[]", "field chatIds")]
    [InlineData("chatIds", "\"one\"", "field chatIds")]
    [InlineData("chatIds", "[1]", "field chatIds: item 1")]
    [InlineData("topics", "[\"0x01020304\"]", "either chatIds or topics")]
    [InlineData("messages", "{}", "field messages")]
    [InlineData("messages", "[1]", "Message 1")]
    [InlineData("communityId", "\"0x01\"", "field communityId")]
    [InlineData("communityPrivateKey", "\"0x0102\"", "field communityPrivateKey")]
    [InlineData("communityPrivateKey", "7", "field communityPrivateKey")]
    [InlineData("surprise", "1", "no field 'surprise'")]
    public void A_wrong_field_of_the_file_is_named(string field, string value, string place)
    {
        var json = Sample();
        json[field] = JsonNode.Parse(value);

        Should.Throw<FormatException>(() => Parse(json)).Message.ShouldContain(place);
    }

    [Theory]
    [InlineData("startDate")]
    [InlineData("endDate")]
    [InlineData("partitionSeconds")]
    [InlineData("messages")]
    [InlineData("chatIds")]
    [InlineData("communityPrivateKey")]
    public void A_missing_field_of_the_file_is_named(string field)
    {
        var json = Sample();
        json.Remove(field);

        Should.Throw<FormatException>(() => Parse(json)).Message.ShouldContain(field);
    }

    [Theory]
    [InlineData("payload", "\"0x0\"", "field payload")]
    [InlineData("payload", "\"00\"", "field payload")]
    [InlineData("payload", "\"0xzz\"", "field payload")]
    [InlineData("payload", "17", "field payload")]
    [InlineData("payload", "null", "field payload")]
    [InlineData("timestamp", "-5", "field timestamp")]
    [InlineData("timestamp", "18446744073709551616", "field timestamp")]
    [InlineData("chatId", "\"three\"", "field chatId")]
    [InlineData("topic", "\"0x01020304\"", "either chatId or topic")]
    [InlineData("hash", "\"0x\"", "field hash")]
    [InlineData("thirdPartyId", "5", "field thirdPartyId")]
    [InlineData("surprise", "1", "no field 'surprise'")]
    public void A_wrong_field_of_a_message_is_named_with_the_message(string field, string value, string place)
    {
        var json = Sample();
        json["messages"]![1]![field] = JsonNode.Parse(value);

        var fault = Should.Throw<FormatException>(() => Parse(json)).Message;

        fault.ShouldContain("Message 2");
        fault.ShouldContain(place);
    }

    [Fact]
    public void Half_a_character_in_a_text_is_refused_and_its_place_is_named()
    {
        var json = Sample().ToJsonString().Replace("\"thirdPartyId\":\"\"", "\"thirdPartyId\":\"\\ud800\"", StringComparison.Ordinal);

        Should
            .Throw<FormatException>(() => MessageFile.Parse(Encoding.UTF8.GetBytes(json)))
            .Message.ShouldStartWith("Message 1: field thirdPartyId");
    }

    [Theory]
    [InlineData("sig")]
    [InlineData("timestamp")]
    [InlineData("chatId")]
    [InlineData("payload")]
    [InlineData("hash")]
    public void A_missing_field_of_a_message_is_named_with_the_message(string field)
    {
        var json = Sample();
        json["messages"]![2]!.AsObject().Remove(field);

        var fault = Should.Throw<FormatException>(() => Parse(json)).Message;

        fault.ShouldContain("Message 3");
        fault.ShouldContain(field);
    }

    [Fact]
    public void The_private_key_appears_in_no_text()
    {
        var json = Sample();
        var file = Parse(json);
        (file.ToString() + JsonSerializer.Serialize(file)).ShouldNotContain("1111111111");

        json["communityPrivateKey"] = Key + "11";
        Should.Throw<FormatException>(() => Parse(json)).ToString().ShouldNotContain("1111111111");
    }

    private static MessageFile Parse(JsonObject json) => MessageFile.Parse(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static JsonObject Sample() =>
        new()
        {
            ["communityPrivateKey"] = Key,
            ["chatIds"] = new JsonArray("one", "two"),
            ["startDate"] = 100,
            ["endDate"] = 300,
            ["partitionSeconds"] = 60,
            ["messages"] = new JsonArray(Message(150, "one", "0x01"), Message(100, "two", "0x02"), Message(150, "two", "0x03")),
        };

    private static JsonObject Message(int timestamp, string chat, string hash) =>
        new()
        {
            ["sig"] = "0x04",
            ["timestamp"] = timestamp,
            ["chatId"] = chat,
            ["payload"] = "0xab",
            ["padding"] = "0x",
            ["hash"] = hash,
            ["thirdPartyId"] = "",
        };
}
