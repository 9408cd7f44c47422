using System.Diagnostics.Metrics;
using System.Text;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Testing;
using EventArchive.Waku;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

/// <summary>Nodes of their own processes in one mesh: what members say at one is recorded through others.</summary>
public sealed class MeshRecordingTests : IDisposable
{
    private const int Messages = 1_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Recording recording = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_thousand_messages_none_is_lost_though_the_node_that_is_listened_to_dies_in_their_middle()
    {
        await using var speaker = await WakuDevNode.Start(Cancellation);
        await using var listened = await WakuDevNode.Start(speaker.DialAddress, logFile: null, Cancellation);
        await using var store = await WakuDevNode.Start(speaker.DialAddress, logFile: null, Cancellation);
        var mouth = Client(speaker.Rest);
        await Meshed(mouth, peers: 2);
        await Reaches(mouth, Client(store.Rest));
        await using var run = await Hear([listened.Rest], [store.Rest, listened.Rest]);
        await Deadline.Until(
            "it is heard live",
            async () => await Said(mouth, "hello") && recording.Messages.Count > 0,
            Limit,
            Cancellation
        );

        for (var number = 0; number < Messages; number++)
        {
            if (number == Messages / 3)
                await listened.Kill();
            if (number == 2 * Messages / 3)
                await listened.Restart(Cancellation);
            await Say(mouth, $"message {number}");
        }

        await Deadline.Until("all are recorded", () => Numbered().Count == Messages, Limit, Cancellation);
        Numbered().ShouldBe(Enumerable.Range(0, Messages).Select(number => $"message {number}"), ignoreOrder: true);
        await Deadline.Until("the time is accounted for", async () => await IsWhole(), Limit, Cancellation);
        recording.Reports.ShouldBeEmpty("the store told what was missed");
    }

    [Fact]
    public async Task With_two_nodes_to_listen_to_one_may_die_and_the_other_is_heard_on()
    {
        await using var speaker = await WakuDevNode.Start(Cancellation);
        await using var one = await WakuDevNode.Start(speaker.DialAddress, logFile: null, Cancellation);
        await using var other = await WakuDevNode.Start(
            ["--connect", speaker.DialAddress, "--protocols", "filter"],
            logFile: null,
            Cancellation
        );
        var mouth = Client(speaker.Rest);
        await Meshed(mouth, peers: 2);
        await using var run = await Hear([one.Rest, other.Rest], [new Uri($"http://127.0.0.1:{FreePort.Next()}")]);
        await Deadline.Until("it is heard", async () => await Said(mouth, "hello") && recording.Messages.Count > 0, Limit, Cancellation);

        await one.Kill();
        await Deadline.Until(
            "the other is heard",
            async () => await Said(mouth, "still there") && recording.Texts.Contains("still there"),
            Limit,
            Cancellation
        );
    }

    [Fact]
    public async Task A_message_goes_by_light_push_where_a_relay_takes_none_and_past_a_node_that_is_dead()
    {
        await using var end = await WakuDevNode.Start(Cancellation);
        await using var pusher = await WakuDevNode.Start(
            ["--connect", end.DialAddress, "--protocols", "lightpush,filter"],
            logFile: null,
            Cancellation
        );
        await Meshed(Client(pusher.Rest), peers: 1);
        var dead = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var nodes = new WakuNodes(
            WakuServices.NewHttpClient(),
            new WakuOptions
            {
                Nodes = [dead, pusher.Rest],
                StoreNodes = [end.Rest],
                RetryDelay = TimeSpan.FromMilliseconds(1),
            },
            TimeProvider.System
        );
        var message = Chatter.Says([1], TimeProvider.System.GetUtcNow());

        Uri? took = null;
        await Deadline.Until(
            "a node takes it and the store has it",
            async () =>
            {
                try
                {
                    took = await nodes.Send(PubsubTopic.Default, message, Cancellation);
                }
                catch (WakuException)
                {
                    // The mesh is still forming.
                }
                return took is not null;
            },
            Limit,
            Cancellation
        );

        took.ShouldBe(pusher.Rest);
        (await Client(end.Rest).Has(PubsubTopic.Default, message, Cancellation)).ShouldBeTrue();
    }

    public void Dispose() => services.Dispose();

    private List<string> Numbered() => [.. recording.Texts.Where(text => text.StartsWith("message ", StringComparison.Ordinal))];

    private async Task<bool> IsWhole()
    {
        var until = (ulong)TimeProvider.System.GetUtcNow().AddSeconds(-10).ToUnixTimeSeconds();
        return await recording.Coverage.List(Chatter.Community, Cancellation) is [var row]
            && TimeRanges.Of(new TimeRange(row.WantedFrom, until)).Without(row.Heard).Without(row.Filled).IsEmpty;
    }

    private static async Task<bool> Said(NwakuClient mouth, string text)
    {
        await Say(mouth, text);
        return true;
    }

    private static Task Say(NwakuClient mouth, string text) =>
        mouth.Publish(PubsubTopic.Default, Chatter.Says(Encoding.UTF8.GetBytes(text), TimeProvider.System.GetUtcNow()), Cancellation);

    private static Task Meshed(NwakuClient node, int peers) =>
        Deadline.Until("the nodes are peers", async () => await node.Peers(Cancellation) >= peers, Limit, Cancellation);

    /// <summary>Peers become a mesh a moment after they are connected.</summary>
    private static async Task Reaches(NwakuClient mouth, NwakuClient store)
    {
        WakuMessage? last = null;
        await Deadline.Until(
            "the store hears",
            async () =>
            {
                if (last is not null && await store.Has(PubsubTopic.Default, last, Cancellation))
                    return true;
                last = Chatter.Says([0], TimeProvider.System.GetUtcNow());
                await mouth.Publish(PubsubTopic.Default, last, Cancellation);
                return false;
            },
            Limit,
            Cancellation
        );
    }

    private static NwakuClient Client(Uri address) => new(WakuServices.NewHttpClient(), new WakuOptions(), TimeProvider.System, address);

    private Task<IAsyncDisposable> Hear(IReadOnlyList<Uri> nodes, IReadOnlyList<Uri> stores) =>
        recording.Hear(
            new WakuOptions
            {
                Nodes = nodes,
                StoreNodes = stores,
                PollInterval = TimeSpan.FromMilliseconds(20),
                FollowedRefresh = TimeSpan.FromMilliseconds(200),
                MaxReconnectDelay = TimeSpan.FromMilliseconds(500),
                BreakDuration = TimeSpan.FromMilliseconds(500),
                Settle = TimeSpan.FromSeconds(1),
                GapCheck = TimeSpan.FromMilliseconds(200),
                Recheck = TimeSpan.FromSeconds(1),
                RelayCacheCapacity = 1_000,
            },
            new WakuMetrics(services.GetRequiredService<IMeterFactory>()),
            Cancellation
        );
}
