using EventArchive.Handlers;
using EventArchive.Model;
using EventArchive.Waku;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace EventArchive.Tests.Waku;

public sealed class AnnouncerTests
{
    private static readonly MessageVector Vector = MessageVector.Named("plain-11");
    private static readonly byte[] Key = Vector.Key("communityPrivateKey");
    private static readonly CommunityId Community = CommunityKey.IdOf(Key);
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_channels_carry_exactly_the_signed_bytes()
    {
        await using var node = await FakeNode.Start(_ => (200, "OK"), Cancellation);
        using var counts = new OutcomeCounts();
        var topics = await Announcer(node, counts, new WakuOptions { Node = node.Address })
            .Announce(Community, PubsubTopic.Default, Vector.Bytes("wrapped"), Key, Cancellation);

        var chats = MagnetlinkChannels.Of(Community);
        topics.ShouldBe(chats.Select(chat => ContentTopic.OfChat(chat).Name));
        var sent = node.Requests.Where(request => request.Method == "POST").Select(request => Read(request.Body)).ToList();
        sent.Count.ShouldBe(2);
        foreach (var (message, chat) in sent.Zip(chats))
        {
            message.ContentTopic.ShouldBe(ContentTopic.OfChat(chat).Name);
            message.Version.ShouldBe(1u);
            message.Ephemeral.ShouldBeFalse();
            message.Timestamp.ShouldBe(1700000000123456700);
            var payload = WakuPayload.Open(message.Payload, new WakuKeys().Of(chat).Span);
            payload.Data.ShouldBe(Vector.Bytes("protocolMessage"));
            ProtocolMessageLayer.Unwrap(payload.Data).ShouldBe(Vector.Bytes("wrapped"));
        }
        counts[WakuMetrics.Sent].ShouldBe(2);
    }

    [Fact]
    public async Task A_node_without_peers_is_a_failure_because_nobody_would_hear()
    {
        await using var node = await FakeNode.Start(
            request => (200, request.Target == "/health" ? """{"nodeHealth":"READY","protocolsHealth":[{"Relay":"NOT_READY"}]}""" : "OK"),
            Cancellation
        );
        using var counts = new OutcomeCounts();
        var options = new WakuOptions { Node = node.Address };
        var fault = await Should.ThrowAsync<WakuException>(() =>
            Announcer(node, counts, options).Announce(Community, PubsubTopic.Default, Vector.Bytes("wrapped"), Key, Cancellation)
        );
        fault.Message.ShouldContain("has no peers");
        counts[WakuMetrics.Sent].ShouldBe(0);
        await Announcer(node, counts, options with { RequireRelayPeers = false })
            .Announce(Community, PubsubTopic.Default, Vector.Bytes("wrapped"), Key, Cancellation);
        counts[WakuMetrics.Sent].ShouldBe(2);
    }

    [Fact]
    public async Task One_channel_refused_is_the_announcement_refused()
    {
        var second = ContentTopic.OfChat(MagnetlinkChannels.Of(Community)[1]).Name;
        await using var node = await FakeNode.Start(
            request => request.Body.Contains(second) ? (400, "Failed to publish: validation failed") : (200, "OK"),
            Cancellation
        );
        using var counts = new OutcomeCounts();
        var fault = await Should.ThrowAsync<WakuException>(() =>
            Announcer(node, counts, new WakuOptions { Node = node.Address })
                .Announce(Community, PubsubTopic.Default, Vector.Bytes("wrapped"), Key, Cancellation)
        );
        fault.Message.ShouldContain("validation failed");
    }

    private static Announcer Announcer(FakeNode node, OutcomeCounts counts, WakuOptions options) =>
        new(
            new WakuNodes(
                WakuServices.NewHttpClient(),
                options with
                {
                    Node = node.Address,
                    Retries = 2,
                    RetryDelay = TimeSpan.FromMilliseconds(1),
                },
                TimeProvider.System
            ),
            new WakuKeys(),
            counts.Metrics,
            new FixedTime(),
            System.Security.Cryptography.RandomNumberGenerator.Fill,
            NullLogger<Announcer>.Instance
        );

    private static WakuMessage Read(string body) =>
        NwakuJson.ReadMessages(System.Text.Encoding.UTF8.GetBytes($"[{body}]")).Messages.ShouldHaveSingleItem();

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(17000000001234567);
    }
}
