using System.Text;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Waku;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

/// <summary>A Waku node that answers wrongly, late or not at all.</summary>
public sealed class NwakuFaultsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public async Task An_answer_that_is_no_list_says_that_no_Waku_node_lives_there(string body)
    {
        await using var node = await FakeNode.Start(_ => (200, body), Cancellation);
        (await Fault(() => NwakuClientTests.Client(node).Poll(PubsubTopic.Default, Cancellation))).ShouldContain("Set Waku:Node");
    }

    [Fact]
    public async Task A_passing_error_is_tried_again_and_a_lasting_one_reported_with_its_text()
    {
        var answers = new Queue<(int, string)>([(500, "x"), (429, "x"), (200, "OK")]);
        await using var passing = await FakeNode.Start(_ => answers.Dequeue(), Cancellation);
        await NwakuClientTests.Client(passing).Publish(PubsubTopic.Default, NwakuClientTests.Message, Cancellation);
        answers.ShouldBeEmpty();

        await using var lasting = await FakeNode.Start(_ => (500, "Failed to publish:\n timed out"), Cancellation);
        (
            await Fault(() => NwakuClientTests.Client(lasting).Publish(PubsubTopic.Default, NwakuClientTests.Message, Cancellation))
        ).ShouldContain("500 Failed to publish:  timed out");
        lasting.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_refusal_is_not_tried_again()
    {
        await using var node = await FakeNode.Start(_ => (400, "Invalid pubsub topic(s)"), Cancellation);
        (await Fault(() => NwakuClientTests.Client(node).Subscribe([PubsubTopic.Default], Cancellation))).ShouldContain(
            "Invalid pubsub topic(s)"
        );
        node.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_poll_is_never_tried_twice_because_reading_clears_the_node_s_cache()
    {
        await using var node = await FakeNode.Start(_ => (500, ""), Cancellation);
        await Fault(() => NwakuClientTests.Client(node).Poll(PubsubTopic.Default, Cancellation));
        node.Requests.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_long_answer_is_not_read_to_its_end()
    {
        await using var node = await FakeNode.Start(
            async (_, context) =>
            {
                var chunk = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));
                while (!context.RequestAborted.IsCancellationRequested)
                    await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            },
            Cancellation
        );
        (await Fault(() => NwakuClientTests.Client(node).Poll(PubsubTopic.Default, Cancellation))).ShouldContain("more than");
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_given_up_in_time()
    {
        await using var node = await FakeNode.Start(
            (_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default),
            Cancellation
        );
        var client = NwakuClientTests.Client(
            node,
            options => options with { RequestTimeout = TimeSpan.FromMilliseconds(100), Retries = 0 }
        );
        (await Fault(() => client.Poll(PubsubTopic.Default, Cancellation))).ShouldContain("gave no answer within 0.1 s");
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_named_with_what_to_do()
    {
        Uri address;
        await using (var node = await FakeNode.Start(_ => (200, ""), Cancellation))
            address = node.Address;
        var client = new NwakuClient(
            WakuServices.NewHttpClient(),
            new WakuOptions { Node = address, RetryDelay = TimeSpan.FromMilliseconds(1) },
            TimeProvider.System
        );
        var message = await Fault(() => client.Subscribe([PubsubTopic.Default], Cancellation));
        message.ShouldContain(address.ToString());
        message.ShouldContain("Start nwaku with --rest=true, or set Waku:Node");
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var node = await FakeNode.Start(
            (_, context) =>
            {
                context.Response.Redirect("http://127.0.0.1:1/elsewhere");
                return Task.CompletedTask;
            },
            Cancellation
        );
        (await Fault(() => NwakuClientTests.Client(node).Poll(PubsubTopic.Default, Cancellation))).ShouldContain("302");
    }

    [Fact]
    public async Task Cancellation_is_cancellation_and_not_a_fault_of_the_node()
    {
        await using var node = await FakeNode.Start(_ => (200, "[]"), Cancellation);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => NwakuClientTests.Client(node).Poll(PubsubTopic.Default, cancelled.Token));
    }

    private static async Task<string> Fault(Func<Task> call) => (await Should.ThrowAsync<WakuException>(call)).Message;
}
