using System.Net;
using System.Text;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

/// <summary>The development node answers as nwaku does, so what is tested against it holds there too.</summary>
public sealed class WakuNodeRestTests
{
    private const string Topic = "/relay/v1/messages/%2Fwaku%2F2%2Frs%2F16%2F32";
    private const string Body =
        """{"payload":"AQL6","contentTopic":"/x/1/y/z","version":1,"timestamp":1700000000123456789,"meta":"Bw==","ephemeral":false}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Relay_health_store_and_faults_have_nwaku_s_codes_and_texts()
    {
        await using var node = await WakuDevNode.Start(Cancellation);
        using var http = WakuServices.NewHttpClient();
        http.BaseAddress = node.Rest;

        (await Get(http, Topic)).ShouldBe((HttpStatusCode.NotFound, ""));
        var (status, text) = await Post(http, Topic, Body);
        status.ShouldBe(HttpStatusCode.BadRequest);
        text.ShouldStartWith("Failed to publish: Node not subscribed to topic");

        (await Post(http, "/relay/v1/subscriptions", """["nonsense"]""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Post(http, "/relay/v1/subscriptions", """["/waku/2/rs/16/32"]""")).ShouldBe((HttpStatusCode.OK, "OK"));
        (await Post(http, Topic, Body)).ShouldBe((HttpStatusCode.OK, "OK"));
        (await Get(http, Topic)).Text.ShouldContain("1700000000123456789", customMessage: "a node's own messages come back");
        (await Get(http, Topic)).ShouldBe((HttpStatusCode.OK, "[]"), "reading clears");

        var message = new WakuMessage([1, 2, 250], "/x/1/y/z", 1, 1700000000123456789, [7], Ephemeral: false);
        var stored = await Get(http, "/store/v3/messages?includeData=true&contentTopics=%2Fx%2F1%2Fy%2Fz&startTime=1700000000123456789");
        stored.Text.ShouldContain(Hex.Encode(message.Hash(PubsubTopic.Default)));
        (await Get(http, "/store/v3/messages?startTime=1700000000123456790")).Text.ShouldContain("\"messages\":[]");
        (await Get(http, "/store/v3/messages?startTime=soon")).Status.ShouldBe(HttpStatusCode.BadRequest);

        (await Post(http, "/lightpush/v3/message", $$"""{"message":{{Body}}}""")).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await Get(http, "/health")).Text.ShouldBe(
            """{"nodeHealth":"READY","protocolsHealth":[{"Relay":"NOT_READY","desc":"No connected peers"}]}"""
        );
        (await Get(http, "/nowhere")).ShouldBe((HttpStatusCode.BadRequest, "Bad request initiated. Invalid path or method used."));
        (await Post(http, Topic, """{"payload":"","contentTopic":"t"}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Post(http, Topic, """{"payload":"AQL6"}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Post(http, Topic, "{")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static async Task<(HttpStatusCode Status, string Text)> Get(HttpClient http, string path)
    {
        using var response = await http.GetAsync(path, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task<(HttpStatusCode Status, string Text)> Post(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(path, content, Cancellation);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }
}
