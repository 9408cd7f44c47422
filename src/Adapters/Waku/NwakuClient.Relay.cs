using System.Net;
using System.Text.Json;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>Relay, and light push for a node whose relay does not take messages.</summary>
public sealed partial class NwakuClient
{
    public async Task Subscribe(IEnumerable<PubsubTopic> topics, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(topics.Select(topic => topic.ToString()));
        await Accepted(
            connection.Send(HttpMethod.Post, "relay/v1/subscriptions", body, cancellation),
            answer => Refused("to subscribe", answer, "Check that the node serves this cluster and shard.")
        );
    }

    /// <summary>
    /// Gives a message to the node's relay, subscribing first when the node says it must. The node's answer is no proof that a peer
    /// has it. Sending the same message again does no harm: the network knows it by its hash.
    /// </summary>
    public async Task Publish(PubsubTopic topic, WakuMessage message, CancellationToken cancellation)
    {
        var path = MessagesOf(topic);
        var body = NwakuJson.Write(message);
        var answer = await connection.Send(HttpMethod.Post, path, body, cancellation);
        if (answer.IsNotSubscribed)
        {
            await Subscribe([topic], cancellation);
            answer = await connection.Send(HttpMethod.Post, path, body, cancellation);
        }
        if (!answer.IsOk)
            throw Refused("to publish", answer, "Look at the node's log.");
    }

    /// <summary>Gives a message to the node's light push, which hands it to a peer that relays. Accepted means that a peer has it.</summary>
    public async Task Push(PubsubTopic topic, WakuMessage message, CancellationToken cancellation) =>
        await Accepted(
            connection.Send(HttpMethod.Post, "lightpush/v3/message", NwakuJson.WritePush(topic, message), cancellation),
            answer => Refused("to push", answer, "Run it with --relay=true, or with --lightpushnode=PEER.")
        );

    /// <summary>
    /// Takes what the node has heard since the last call, this node's own messages included. Null: it is not subscribed to the topic,
    /// as after its restart. Not tried twice, since an answer lost on the way is lost.
    /// </summary>
    public async Task<PolledMessages?> Poll(PubsubTopic topic, CancellationToken cancellation)
    {
        var answer = await connection.SendOnce(HttpMethod.Get, MessagesOf(topic), null, cancellation);
        if (answer.Status == HttpStatusCode.NotFound)
            return null;
        if (!answer.IsOk)
            throw Refused("to give its messages", answer, "Look at the node's log.");
        return ReadMessages(answer);
    }

    private static string MessagesOf(PubsubTopic topic) => "relay/v1/messages/" + Uri.EscapeDataString(topic.ToString());
}
