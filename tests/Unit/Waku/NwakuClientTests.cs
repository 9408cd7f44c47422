using System.Text;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Waku;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

/// <summary>What is sent to a Waku node and read from it.</summary>
public sealed class NwakuClientTests
{
    internal static readonly WakuMessage Message = new(
        [1, 2, 250],
        "/waku/1/0x97ec6269/rfc26",
        1,
        1700000000123456789,
        [],
        Ephemeral: false
    );
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_subscription_is_a_list_in_the_body_and_a_content_type_without_charset()
    {
        await using var node = await FakeNode.Start(_ => (200, "OK"), Cancellation);
        await Client(node).Subscribe([PubsubTopic.Default], Cancellation);
        node.Requests.ShouldHaveSingleItem()
            .ShouldBe(new FakeRequest("POST", "/relay/v1/subscriptions", "[\"/waku/2/rs/16/32\"]", "application/json"));
    }

    [Fact]
    public async Task A_message_is_published_with_exact_nanoseconds_under_the_escaped_topic()
    {
        await using var node = await FakeNode.Start(_ => (200, "OK"), Cancellation);
        await Client(node).Publish(PubsubTopic.Default, Message, Cancellation);
        var request = node.Requests.ShouldHaveSingleItem();
        request.Target.ShouldBe("/relay/v1/messages/%2Fwaku%2F2%2Frs%2F16%2F32");
        request.ContentType.ShouldBe("application/json");
        request.Body.ShouldBe(
            """{"payload":"AQL6","contentTopic":"/waku/1/0x97ec6269/rfc26","version":1,"timestamp":1700000000123456789,"ephemeral":false}"""
        );
    }

    [Fact]
    public async Task A_node_that_is_not_subscribed_is_subscribed_and_asked_again()
    {
        var subscribed = false;
        await using var node = await FakeNode.Start(
            request =>
            {
                subscribed |= request.Target == "/relay/v1/subscriptions";
                return subscribed ? (200, "OK") : (400, "Failed to publish: Node not subscribed to topic: /waku/2/rs/16/32");
            },
            Cancellation
        );
        await Client(node).Publish(PubsubTopic.Default, Message, Cancellation);
        node.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Timestamps_beyond_2_to_the_53_are_read_exactly()
    {
        await using var node = await FakeNode.Start(
            _ =>
                (
                    200,
                    """[{"payload":"AQL6","contentTopic":"/waku/1/0x97ec6269/rfc26","version":1,"timestamp":1700000000123456789,"ephemeral":false,"more":{}}]"""
                ),
            Cancellation
        );
        var polled = await Client(node).Poll(PubsubTopic.Default, Cancellation);
        var message = polled!.Messages.ShouldHaveSingleItem();
        message.Timestamp.ShouldBe(1700000000123456789);
        message.Payload.ShouldBe(Message.Payload);
        message.Meta.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_entry_that_cannot_be_read_does_not_take_the_others_with_it()
    {
        const string good = """{"payload":"AQL6","contentTopic":"t","timestamp":1}""";
        string[] bad =
        [
            "1",
            "null",
            """{"payload":"AQL6"}""",
            """{"payload":"not base64!","contentTopic":"t"}""",
            """{"payload":"AQL6","contentTopic":"t","timestamp":1e30}""",
            """{"payload":"AQL6","contentTopic":"t","timestamp":"1"}""",
            """{"payload":"AQL6","contentTopic":"t","version":-1}""",
            """{"payload":"AQL6","contentTopic":"\ud800"}""",
            """{"payload":"\ud800","contentTopic":"t"}""",
            """{"payload":7,"contentTopic":"t"}""",
        ];
        await using var node = await FakeNode.Start(_ => (200, $"[{good},{string.Join(',', bad)},{good}]"), Cancellation);
        var polled = await Client(node).Poll(PubsubTopic.Default, Cancellation);
        polled!.Messages.Count.ShouldBe(2);
        polled.Unreadable.ShouldBe(bad.Length);
    }

    [Fact]
    public async Task A_content_topic_that_is_not_UTF_8_does_not_take_the_others_with_it()
    {
        byte[] body =
        [
            .. "[{\"payload\":\"AQL6\",\"contentTopic\":\""u8,
            0xFF,
            0xC0,
            .. "\"},{\"payload\":\"AQL6\",\"contentTopic\":\"t\"}]"u8,
        ];
        await using var node = await FakeNode.Start(
            (_, context) => context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask(),
            Cancellation
        );
        var polled = await Client(node).Poll(PubsubTopic.Default, Cancellation);
        polled!.Messages.ShouldContain(message => message.ContentTopic == "t");
    }

    [Fact]
    public async Task A_topic_the_node_has_forgotten_is_told_apart_from_an_empty_one()
    {
        await using var forgotten = await FakeNode.Start(_ => (404, ""), Cancellation);
        await using var empty = await FakeNode.Start(_ => (200, "[]"), Cancellation);
        (await Client(forgotten).Poll(PubsubTopic.Default, Cancellation)).ShouldBeNull();
        (await Client(empty).Poll(PubsubTopic.Default, Cancellation))!.Messages.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"nodeHealth":"READY","protocolsHealth":[{"Rln":"NOT_MOUNTED"},{"Relay":"READY"}]}""", "READY", false)]
    [InlineData("""{"nodeHealth":"READY","protocolsHealth":[{"Relay":"NOT_READY","desc":"No connected peers"}]}""", "READY", true)]
    [InlineData("""{"nodeHealth":"INITIALIZING"}""", "INITIALIZING", false)]
    [InlineData("""{"nodeHealth":"READY"}""", "READY", false)]
    public async Task Health_is_read_from_the_body_since_the_status_is_always_200(string body, string said, bool alone)
    {
        await using var node = await FakeNode.Start(_ => (200, body), Cancellation);
        var health = await Client(node).Health(Cancellation);
        health!.Node.ShouldBe(said);
        health.IsAlone.ShouldBe(alone);
    }

    [Theory]
    [InlineData(200, "Node is healthy")]
    [InlineData(200, "[]")]
    [InlineData(400, "Bad request initiated. Invalid path or method used.")]
    public async Task A_node_without_a_health_report_has_none(int status, string body)
    {
        await using var node = await FakeNode.Start(_ => (status, body), Cancellation);
        (await Client(node).Health(Cancellation)).ShouldBeNull();
    }

    [Fact]
    public void Settings_that_cannot_work_are_named_one_by_one()
    {
        new WakuOptions().Faults().ShouldBeEmpty();
        new WakuOptions
        {
            Node = new Uri("ftp://x"),
            PollInterval = TimeSpan.Zero,
            HandOverTries = 0,
        }
            .Faults()
            .Count()
            .ShouldBe(3);
    }

    internal static NwakuClient Client(FakeNode node, Func<WakuOptions, WakuOptions>? change = null)
    {
        var options = new WakuOptions
        {
            Node = node.Address,
            Retries = 2,
            RetryDelay = TimeSpan.FromMilliseconds(1),
            MaxBodyBytes = WakuMessage.MaxBytes,
        };
        return new NwakuClient(WakuServices.NewHttpClient(), change?.Invoke(options) ?? options, TimeProvider.System);
    }
}
