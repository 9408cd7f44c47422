using System.Collections.Concurrent;
using EventArchive.Model;
using EventArchive.Waku;
using EventArchive.Waku.Wire;
using Google.Protobuf;
using Shouldly;
using Xunit;
using static EventArchive.Tests.Waku.ListenerRun;

namespace EventArchive.Tests.Waku;

/// <summary>Announcements that are heard while a node tells them.</summary>
public sealed class MagnetlinkListenerTests
{
    private static readonly MessageVector Vector = MessageVector.Named("plain-11");
    private static readonly byte[] Key = Vector.Key("communityPrivateKey");
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_what_the_community_signed_is_handed_on_and_the_rest_is_counted()
    {
        var encrypted = new ProtocolMessage { EncryptedMessage = { ByteString.CopyFrom(1) } }.ToByteArray();
        var chat = ApplicationMessage.Sign(Key, [1, 2, 3], type: 1);
        await using var node = await Node([
            Message(MessageVector.Named("bad-wrong-application-signer")),
            Message(MessageVector.Named("bad-unsigned-waku-payload")),
            Message(MessageVector.Named("empty-magnet-clock-zero")),
            Message(Vector) with
            {
                Version = 0,
            },
            Message(Vector) with
            {
                Payload = [1],
            },
            Sealed(encrypted),
            Sealed(ProtocolMessageLayer.Wrap(chat)),
            Message(Vector) with
            {
                ContentTopic = "/waku/1/0x00000000/rfc26",
            },
            Message(MessageVector.Named("no-encryption-layer")),
            Message(MessageVector.Named("with-bundle-11")),
        ]);
        await using var run = await ListenerRun.Start(node);
        await run.Until(() => run.Heard.Count == 2);
        run.Heard.Select(heard => heard.Item1).ShouldBe([Community, Community]);
        run.Heard.First().Item2.ShouldBe(MessageVector.Named("no-encryption-layer").Bytes("wrapped"));
        run.Heard.Last().Item2.ShouldBe(MessageVector.Named("with-bundle-11").Bytes("wrapped"));
        run.Counts["stranger"].ShouldBe(1);
        run.Counts["undecodable"].ShouldBe(5);
        run.Counts["other_type"].ShouldBe(1);
        await run.Until(() => run.Counts["handed_on"] == 2);
    }

    [Fact]
    public async Task A_receiver_that_fails_gets_the_message_again()
    {
        await using var node = await Node([Message(Vector)]);
        var tries = 0;
        await using var run = await ListenerRun.Start(
            node,
            received: () => ++tries < 3 ? throw new InvalidOperationException("The bus is away.") : Task.CompletedTask
        );
        await run.Until(() => run.Counts["handed_on"] == 1);
        tries.ShouldBe(3);
    }

    [Fact]
    public async Task A_receiver_that_always_fails_does_not_hold_up_the_messages_behind()
    {
        await using var node = await Node([Message(Vector), Message(MessageVector.Named("with-bundle-11"))]);
        var tries = 0;
        await using var run = await ListenerRun.Start(
            node,
            // A cancellation of the receiver's own is a failure like any other.
            received: () => ++tries <= 3 ? throw new OperationCanceledException() : Task.CompletedTask
        );
        await run.Until(() => run.Counts["handed_on"] == 1);
        run.Counts["given_up"].ShouldBe(1);
    }

    [Fact]
    public async Task A_node_that_forgot_the_subscription_is_subscribed_again()
    {
        var subscribed = 0;
        var polls = 0;
        await using var node = await FakeNode.Start(
            request =>
                request.Target == "/relay/v1/subscriptions" ? (200, $"{Interlocked.Increment(ref subscribed)}")
                : IsStore(request) ? EmptyStore
                : !IsPoll(request) ? (200, "OK")
                : Interlocked.Increment(ref polls) == 2 ? (404, "")
                : polls == 3 ? (200, $"[{Json(Message(Vector))}]")
                : (200, "[]"),
            Cancellation
        );
        await using var run = await ListenerRun.Start(node);
        await run.Until(() => run.Heard.Count == 1);
        subscribed.ShouldBe(2);
    }

    [Fact]
    public async Task A_node_that_is_away_is_tried_until_it_is_back()
    {
        var first = await Node([]);
        var address = first.Address;
        await first.DisposeAsync();
        await using var run = await ListenerRun.Start(first, address: address);
        await run.Until(() => run.Counts[WakuMetrics.NodeFailures] >= 2);
        await using var node = await Node([Message(Vector)], address.Port);
        await run.Until(() => run.Heard.Count == 1);
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_leaves_the_last_one_in_force()
    {
        var lists = 0;
        await using var node = await FakeNode.Start(
            request =>
                IsStore(request) ? EmptyStore
                : IsPoll(request) && Volatile.Read(ref lists) > 2 ? (200, $"[{Json(Message(Vector))}]")
                : (200, "[]"),
            Cancellation
        );
        await using var run = await ListenerRun.Start(
            node,
            followed: () =>
                Interlocked.Increment(ref lists) > 1
                    ? throw new InvalidOperationException("No database.")
                    : [new(Community, PubsubTopic.Default)]
        );
        await run.Until(() => !run.Heard.IsEmpty);
    }

    [Fact]
    public async Task Waking_makes_a_new_community_heard_before_the_next_reading_of_the_list()
    {
        await using var node = await FakeNode.Start(
            request =>
                IsStore(request) ? EmptyStore
                : IsPoll(request) ? (200, $"[{Json(Message(Vector))}]")
                : (200, "OK"),
            Cancellation
        );
        var follows = false;
        await using var run = await ListenerRun.Start(
            node,
            followed: () => Volatile.Read(ref follows) ? [new(Community, PubsubTopic.Default)] : [],
            change: options => options with { FollowedRefresh = TimeSpan.FromHours(1), PollInterval = TimeSpan.FromMinutes(1) }
        );
        await run.Until(() => run.Listed > 0);
        Volatile.Write(ref follows, true);
        run.Listener.Wake();
        await run.Until(() => !run.Heard.IsEmpty);
    }

    private static Task<FakeNode> Node(IReadOnlyList<WakuMessage> messages, int port = 0)
    {
        var waiting = new ConcurrentQueue<string>([$"[{string.Join(',', messages.Select(Json))}]"]);
        return FakeNode.Start(
            request =>
                IsStore(request) ? EmptyStore
                : IsPoll(request) && waiting.TryDequeue(out var body) ? (200, body)
                : (200, IsPoll(request) ? "[]" : "OK"),
            Cancellation,
            port
        );
    }

    private static WakuMessage Sealed(byte[] data)
    {
        var random = new Random(5);
        return Message(Vector) with { Payload = WakuPayload.Seal(data, Key, Vector.Bytes("symKey"), bytes => random.NextBytes(bytes)) };
    }
}
