using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

/// <summary>What counts as the answer of a store: a wrong yes would be a gap that nobody hears of.</summary>
public sealed class StoreAnswerTests
{
    private const string Message = """{"payload":"AQL6","contentTopic":"t","version":null,"timestamp":null,"meta":null}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"requestId":"","statusCode":200,"statusDesc":"OK","messages":[""" + Row + """],"paginationCursor":"0xAB"}""")]
    [InlineData("""{"messages":[""" + Row + """],"paginationCursor":"0xAB"}""")]
    public async Task A_page_is_read_with_its_cursor_as_it_is(string body)
    {
        await using var node = await FakeNode.Start(_ => (200, body), Cancellation);

        var page = await NwakuClientTests.Client(node).Query(Everything, cursor: null, Cancellation);

        page.Cursor.ShouldBe("0xAB");
        page.Messages.ShouldHaveSingleItem().Timestamp.ShouldBe(0);
    }

    [Theory]
    [InlineData(
        """{"requestId":"","statusCode":400,"statusDesc":"BAD_REQUEST: no such topic","messages":[]}""",
        "400 BAD_REQUEST: no such"
    )]
    [InlineData("""{"requestId":"","statusCode":503,"statusDesc":"SERVICE_UNAVAILABLE","messages":[]}""", "503 SERVICE_UNAVAILABLE")]
    [InlineData("""{"requestId":"","statusCode":"none","messages":[]}""", "none")]
    public async Task A_refusal_behind_HTTP_status_200_is_no_empty_page_because_nothing_said_and_no_answer_differ(
        string body,
        string reason
    )
    {
        await using var node = await FakeNode.Start(_ => (200, body), Cancellation);
        var client = NwakuClientTests.Client(node);

        (await Should.ThrowAsync<WakuException>(() => client.Query(Everything, cursor: null, Cancellation))).Message.ShouldContain(reason);
        var message = new WakuMessage([1], "t", WakuMessage.StatusVersion, 1, [], Ephemeral: false);
        await Should.ThrowAsync<WakuException>(() => client.Has(PubsubTopic.Default, message, Cancellation));
    }

    [Fact]
    public async Task A_question_names_topics_time_order_and_cursor_escaped_as_nwaku_takes_them_apart()
    {
        await using var node = await FakeNode.Start(_ => (200, """{"messages":[]}"""), Cancellation);
        var query = new StoreQuery(
            PubsubTopic.Default,
            ["/waku/1/0x97ec6269/rfc26", "/waku/1/0x00000001/rfc26"],
            DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
            DateTimeOffset.FromUnixTimeSeconds(1_700_000_060),
            NewestFirst: true
        );

        await NwakuClientTests.Client(node).Query(query, "0xab+/=", Cancellation);

        node.Requests.ShouldHaveSingleItem()
            .Target.ShouldBe(
                "/store/v3/messages?includeData=true&pubsubTopic=%2Fwaku%2F2%2Frs%2F16%2F32"
                    + "&contentTopics=%2Fwaku%2F1%2F0x97ec6269%2Frfc26%2C%2Fwaku%2F1%2F0x00000001%2Frfc26"
                    + "&startTime=1700000000000000000&endTime=1700000059999999999&pageSize=100&ascending=false&cursor=0xab%2B%2F%3D"
            );
    }

    private const string Row = $$"""{"messageHash":"0x00","message":{{Message}}}""";

    private static StoreQuery Everything => new(PubsubTopic.Default, ["t"], DateTimeOffset.UnixEpoch);
}
