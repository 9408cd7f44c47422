using System.Text;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

/// <summary>When a message counts as sent, and through which node it goes.</summary>
public sealed class SendingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly WakuMessage Message = new([1], "/waku/1/0x97ec6269/rfc26", WakuMessage.StatusVersion, 1, [], Ephemeral: false);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_no_store_has_is_not_sent_though_a_node_took_it_because_a_node_s_word_proves_nothing()
    {
        await using var node = await FakeNode.Start(_ => (200, "OK"), Cancellation);
        await using var store = await FakeNode.Start(_ => (200, """{"messages":[]}"""), Cancellation);

        var fault = await Should.ThrowAsync<WakuException>(() => Nodes(node, store).Send(PubsubTopic.Default, Message, Cancellation));

        fault.Message.ShouldContain("no store was seen to have it");
        store.Requests.ShouldAllBe(request => request.Target.Contains(Hex.Encode(Message.Hash(PubsubTopic.Default))));
        await Nodes(node, store, options => options with { ConfirmInStore = false }).Send(PubsubTopic.Default, Message, Cancellation);
    }

    [Fact]
    public async Task A_store_may_take_a_while_and_another_store_may_be_dead()
    {
        var asked = 0;
        var row = $$"""{"messageHash":"0x00","message":{{Encoding.UTF8.GetString(NwakuJson.Write(Message))}}}""";
        await using var node = await FakeNode.Start(_ => (200, "OK"), Cancellation);
        await using var dead = await FakeNode.Start(_ => (412, "No suitable service peer & no discovery method"), Cancellation);
        await using var slow = await FakeNode.Start(
            _ => (200, $$"""{"messages":[{{(Interlocked.Increment(ref asked) > 1 ? row : "")}}]}"""),
            Cancellation
        );
        var nodes = Nodes(node, slow, options => options with { ConfirmTimeout = Limit, StoreNodes = [dead.Address, slow.Address] });

        (await nodes.Send(PubsubTopic.Default, Message, Cancellation)).ShouldBe(node.Address);

        asked.ShouldBe(2);
    }

    [Fact]
    public async Task A_node_that_gives_no_answer_is_left_alone_and_taken_back_when_it_is_there_again()
    {
        await using var second = await FakeNode.Start(_ => (200, "OK"), Cancellation);
        var first = await FakeNode.Start(_ => (200, "OK"), Cancellation);
        var address = first.Address;
        var nodes = Nodes(
            first,
            second,
            options => options with { Nodes = [address, second.Address], StoreNodes = [], BreakDuration = TimeSpan.FromMilliseconds(500) }
        );
        (await Send()).ShouldBe(address);

        await first.DisposeAsync();
        (await Send()).ShouldBe(second.Address);
        await Deadline.Until(
            "it is left alone",
            async () =>
            {
                await Send();
                return nodes.All[0].IsBroken;
            },
            Limit,
            Cancellation
        );

        await using var again = await FakeNode.Start(_ => (200, "OK"), Cancellation, address.Port);
        // Whoever listens asks the node again and again.
        await Deadline.Until("it is asked again", async () => await Answers(nodes.All[0]), Limit, Cancellation);
        (await Send()).ShouldBe(address);

        Task<Uri> Send() => nodes.Send(PubsubTopic.Default, Message, Cancellation);

        static async Task<bool> Answers(NwakuClient client)
        {
            try
            {
                await client.Health(Cancellation);
                return true;
            }
            catch (WakuException)
            {
                return false;
            }
        }
    }

    private static WakuNodes Nodes(FakeNode node, FakeNode store, Func<WakuOptions, WakuOptions>? change = null)
    {
        var options = new WakuOptions
        {
            Nodes = [node.Address],
            StoreNodes = [store.Address],
            ConfirmTimeout = TimeSpan.FromMilliseconds(10),
            Retries = 1,
            RetryDelay = TimeSpan.FromMilliseconds(1),
        };
        return new WakuNodes(WakuServices.NewHttpClient(), change?.Invoke(options) ?? options, TimeProvider.System);
    }
}
