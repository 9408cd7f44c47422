using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Service;
using EventArchive.Testing;
using EventArchive.Waku;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

/// <summary>Two Waku nodes of their own processes, joined by gossipsub over TCP on loopback: the owner speaks at one, a member listens at the other.</summary>
public sealed class OverTheMeshTests : IAsyncDisposable
{
    private static readonly byte[] Key = [.. Enumerable.Repeat((byte)0x11, 32)];
    private static readonly byte[] StrangersKey = [.. Enumerable.Repeat((byte)0x33, 32)];
    private static readonly CommunityId Community = CommunityKey.IdOf(Key);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly MagnetlinkMessages messages = new();
    private readonly ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ConcurrentQueue<(CommunityId Community, byte[] SignedMessage)> heard = new();
    private readonly ConcurrentDictionary<string, long> outcomes = new();
    private readonly MeterListener meters = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_owner_signs_the_member_gets_byte_for_byte_and_a_stranger_s_message_not_at_all()
    {
        await using var owner = await WakuDevNode.Start(Cancellation);
        await using var member = await WakuDevNode.Start(owner.DialAddress, logFile: null, Cancellation);
        using var listener = Listener(member);
        await listener.StartAsync(Cancellation);

        await Announced(owner, Signed(Key, clock: 1));
        await Until(() => outcomes.GetValueOrDefault("handed_on") >= 2);
        heard.ShouldAllBe(one => one.Community == Community && one.SignedMessage.SequenceEqual(Signed(Key, 1)));

        await Announcer(owner).Announce(Community, PubsubTopic.Default, Signed(StrangersKey, clock: 2), StrangersKey, Cancellation);
        // More than two when the store is asked a moment after: it brings again what the relay brought.
        await Until(() => outcomes.GetValueOrDefault("stranger") >= 2);
        heard.ShouldAllBe(one => one.SignedMessage.SequenceEqual(Signed(Key, 1)));

        await listener.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_member_s_node_that_was_killed_and_started_again_is_heard_through_again()
    {
        await using var owner = await WakuDevNode.Start(Cancellation);
        await using var member = await WakuDevNode.Start(owner.DialAddress, logFile: null, Cancellation);
        using var listener = Listener(member);
        await listener.StartAsync(Cancellation);
        await Announced(owner, Signed(Key, clock: 1));

        await member.Kill();
        await Until(() => outcomes.GetValueOrDefault(WakuMetrics.NodeFailures) > 0);
        await member.Restart(Cancellation);
        await Announced(owner, Signed(Key, clock: 2));

        await listener.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_shard_that_no_node_joined_at_its_start_carries_messages_once_both_subscribe()
    {
        await using var owner = await WakuDevNode.Start(Cancellation);
        await using var member = await WakuDevNode.Start(owner.DialAddress, logFile: null, Cancellation);
        var shard = new PubsubTopic(16, 128);
        using var listener = Listener(member, shard);
        await listener.StartAsync(Cancellation);
        await Announced(owner, Signed(Key, clock: 3), shard);
        await listener.StopAsync(Cancellation);
    }

    [Fact]
    public async Task What_was_announced_before_the_member_listened_comes_from_the_store_and_of_several_the_newest()
    {
        await using var owner = await WakuDevNode.Start(Cancellation);
        await using var member = await WakuDevNode.Start(owner.DialAddress, logFile: null, Cancellation);
        var early = Listener(member);
        await early.StartAsync(Cancellation);
        await Announced(owner, Signed(Key, clock: 1));
        await Announced(owner, Signed(Key, clock: 2));
        await early.StopAsync(Cancellation);
        heard.Clear();

        using var late = Listener(member);
        await late.StartAsync(Cancellation);
        await Until(() => !heard.IsEmpty);
        await late.StopAsync(Cancellation);

        heard.ShouldAllBe(one => one.SignedMessage.SequenceEqual(Signed(Key, 2)));
    }

    [Fact]
    public async Task A_node_alone_does_not_count_as_the_network()
    {
        await using var owner = await WakuDevNode.Start(Cancellation);
        var fault = await Should.ThrowAsync<WakuException>(() =>
            Announcer(owner).Announce(Community, PubsubTopic.Default, Signed(Key, 1), Key, Cancellation)
        );
        fault.Message.ShouldContain("has no peers");
    }

    public async ValueTask DisposeAsync()
    {
        meters.Dispose();
        await services.DisposeAsync();
    }

    private byte[] Signed(byte[] key, ulong clock) =>
        messages.Sign(key, new Clock(clock), Magnetlink.Parse($"magnet:?xt=urn:btih:{new string('a', 40)}&dn={Community}"));

    /// <summary>
    /// Announces until the member has heard it: a message sent while a mesh is forming is lost, as on the real network, where owners repeat
    /// themselves.
    /// </summary>
    private async Task Announced(WakuDevNode owner, byte[] signedMessage, PubsubTopic? topic = null)
    {
        var next = TimeProvider.System.GetTimestamp();
        await Until(async () =>
        {
            if (heard.Any(one => one.SignedMessage.SequenceEqual(signedMessage)))
                return true;
            if (TimeProvider.System.GetTimestamp() < next)
                return false;
            next = TimeProvider.System.GetTimestamp() + TimeProvider.System.TimestampFrequency;
            try
            {
                await Announcer(owner).Announce(Community, topic ?? PubsubTopic.Default, signedMessage, Key, Cancellation);
            }
            catch (WakuException)
            {
                // The node has no peers yet, or has none again.
            }
            return false;
        });
    }

    private Announcer Announcer(WakuDevNode node)
    {
        var options = new WakuOptions { Node = node.Rest };
        return new Announcer(
            new WakuNodes(WakuServices.NewHttpClient(), options, TimeProvider.System),
            new WakuKeys(),
            new WakuMetrics(services.GetRequiredService<IMeterFactory>()),
            TimeProvider.System,
            RandomNumberGenerator.Fill,
            NullLogger<Announcer>.Instance
        );
    }

    private BackgroundLoops Listener(WakuDevNode node, PubsubTopic? topic = null)
    {
        var options = new WakuOptions
        {
            Node = node.Rest,
            PollInterval = TimeSpan.FromMilliseconds(20),
            MaxReconnectDelay = TimeSpan.FromMilliseconds(500),
        };
        var factory = services.GetRequiredService<IMeterFactory>();
        meters.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == factory)
                self.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) =>
                outcomes.AddOrUpdate(tags.Length > 0 ? (string)tags[0].Value! : instrument.Name, value, (_, sum) => sum + value)
        );
        meters.Start();
        var hearing = HearingOf.Nodes(
            options,
            new WakuMetrics(factory),
            () => [new FollowedCommunity(Community, topic ?? PubsubTopic.Default)],
            (community, signedMessage) =>
            {
                heard.Enqueue((community, signedMessage));
                return Task.CompletedTask;
            }
        );
        return HearingOf.Loops(hearing, options);
    }

    private static Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Limit);
        while (!await condition())
            await Task.Delay(20, limit.Token);
    }
}
