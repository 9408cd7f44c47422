using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Waku;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

/// <summary>What the client does with a node, whatever node it is: each call does its work, or fails with a fault that names the node.</summary>
public abstract class NodeContract
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly PubsubTopic Topic = PubsubTopic.Default;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>A node alone, without messages.</summary>
    protected abstract Task<IAsyncDisposable> Start();

    protected abstract Uri AddressOf(IAsyncDisposable node);

    [Fact]
    public async Task What_is_published_comes_back_with_the_next_polls_each_message_as_it_was()
    {
        await using var node = await Start();
        var (client, polling) = (Client(node), PollingClient(node));
        (await Eventually(() => polling.Poll(Topic, Cancellation))).ShouldBeNull("nobody subscribed");
        await Eventually(() => client.Subscribe([Topic], Cancellation));
        WakuMessage[] sent = [.. Enumerable.Range(0, 20).Select(number => Chatter.Says([(byte)number], Now))];
        foreach (var message in sent)
            await Eventually(() => client.Publish(Topic, message, Cancellation));

        HashSet<string> heard = [];
        await Deadline.Until(
            "all come back",
            async () =>
            {
                foreach (var message in (await Eventually(() => polling.Poll(Topic, Cancellation)))!.Messages)
                    heard.Add(Hex.Encode(message.Hash(Topic)));
                return heard.Count == sent.Length;
            },
            Limit,
            Cancellation
        );
        heard.ShouldBe(sent.Select(message => Hex.Encode(message.Hash(Topic))), ignoreOrder: true);
    }

    [Fact]
    public async Task A_filter_gives_the_messages_of_its_content_topics_and_of_no_other()
    {
        await using var node = await Start();
        var (client, polling) = (Client(node), PollingClient(node));
        var (wanted, other) = (Chatter.Says([1], Now), Chatter.Says([2], Now, "another channel"));
        (await Eventually(() => polling.PollFilter(wanted.ContentTopic, Cancellation))).ShouldBeNull("nobody subscribed");
        await Eventually(() => client.Filter(Topic, [wanted.ContentTopic], Cancellation));
        (await Eventually(() => client.IsFiltering(Cancellation))).ShouldBeTrue();
        await Eventually(() => client.Subscribe([Topic], Cancellation));
        foreach (var message in new[] { other, wanted })
            await Eventually(() => client.Publish(Topic, message, Cancellation));

        List<WakuMessage> heard = [];
        await Deadline.Until(
            "it comes",
            async () =>
            {
                heard.AddRange((await Eventually(() => polling.PollFilter(wanted.ContentTopic, Cancellation)))!.Messages);
                return heard.Count > 0;
            },
            Limit,
            Cancellation
        );
        heard.ShouldAllBe(message => message.Payload.SequenceEqual(wanted.Payload));
    }

    [Fact]
    public async Task A_store_gives_a_range_of_time_page_by_page_in_either_order_and_tells_what_it_has()
    {
        await using var node = await Start();
        var client = Client(node);
        await Eventually(() => client.Subscribe([Topic], Cancellation));
        var start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        WakuMessage[] sent = [.. Enumerable.Range(0, 230).Select(second => Chatter.Says([(byte)second], start.AddSeconds(second)))];
        foreach (var message in sent.Reverse())
            await Eventually(() => client.Publish(Topic, message, Cancellation));
        var query = new StoreQuery(Topic, [Chatter.Topic.Name], start.AddSeconds(5), start.AddSeconds(225));

        (await Eventually(() => All(client, query))).ShouldBe(sent[5..225].Select(message => message.Timestamp));
        (await Eventually(() => All(client, query with { NewestFirst = true }))).ShouldBe(
            sent[5..225].Reverse().Select(message => message.Timestamp)
        );
        (await Eventually(() => All(client, query with { ContentTopics = [ContentTopic.OfChat("silence").Name] }))).ShouldBeEmpty();
        (await Eventually(() => client.Has(Topic, sent[7], Cancellation))).ShouldBeTrue();
        (await Eventually(() => client.Has(Topic, Chatter.Says([7], start), Cancellation))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_node_says_how_it_is_and_how_many_peers_it_has()
    {
        await using var node = await Start();
        var client = Client(node);
        (await Eventually(async () => await client.Health(Cancellation) ?? throw new WakuException("no report"))).Node.ShouldBe("READY");
        (await Eventually(async () => await client.Peers(Cancellation) ?? throw new WakuException("no list"))).ShouldBeInRange(0, 1);
    }

    private static async Task<List<long>> All(NwakuClient client, StoreQuery query)
    {
        List<WakuMessage> messages = [];
        await foreach (var page in client.QueryAll(query, maxPages: 10, Cancellation))
            messages.AddRange(page.Messages);
        return [.. messages.DistinctBy(message => Hex.Encode(message.Hash(query.PubsubTopic))).Select(message => message.Timestamp)];
    }

    private NwakuClient Client(IAsyncDisposable node) => Client(node, TimeSpan.FromSeconds(1));

    /// <summary>A poll empties the node: an answer that came after the time-out would take the messages along.</summary>
    private NwakuClient PollingClient(IAsyncDisposable node) => Client(node, TimeSpan.FromSeconds(30));

    private NwakuClient Client(IAsyncDisposable node, TimeSpan requestTimeout) =>
        new(
            WakuServices.NewHttpClient(),
            new WakuOptions
            {
                RequestTimeout = requestTimeout,
                RetryDelay = TimeSpan.FromMilliseconds(1),
                BreakDuration = TimeSpan.FromMilliseconds(500),
            },
            TimeProvider.System,
            AddressOf(node)
        );

    private Task Eventually(Func<Task> call) =>
        Eventually(async () =>
        {
            await call();
            return true;
        });

    /// <summary>A fault is a WakuException that says what to do, and passes.</summary>
    private static async Task<T> Eventually<T>(Func<Task<T>> call)
    {
        T? result = default;
        await Deadline.Until(
            "the call succeeds",
            async () =>
            {
                try
                {
                    result = await call();
                    return true;
                }
                catch (WakuException fault)
                {
                    fault.Message.ShouldNotBeEmpty();
                    return false;
                }
            },
            Limit,
            Cancellation
        );
        return result!;
    }
}
