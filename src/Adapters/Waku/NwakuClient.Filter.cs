using System.Net;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>Filter version 2: a peer that relays passes on what was said on some content topics.</summary>
public sealed partial class NwakuClient
{
    /// <summary>Content topics of one request; a filter peer takes no more at a time.</summary>
    private const int FilterTopicsPerRequest = 100;

    public async Task Filter(PubsubTopic topic, IEnumerable<string> contentTopics, CancellationToken cancellation)
    {
        foreach (var some in contentTopics.Chunk(FilterTopicsPerRequest))
            await Accepted(
                connection.Send(HttpMethod.Post, "filter/v2/subscriptions", NwakuJson.WriteFilter(topic, some), cancellation),
                answer => Refused("to filter", answer, "Run it with --relay=true, or with --filternode=PEER.")
            );
    }

    /// <summary>Whether the peer that filters for the node still does.</summary>
    public async Task<bool> IsFiltering(CancellationToken cancellation) =>
        (await connection.Send(HttpMethod.Get, $"filter/v2/subscriptions/{Guid.NewGuid():N}", null, cancellation)).IsOk;

    /// <summary>Takes what came on a content topic since the last call; null: it is not subscribed. Not tried twice.</summary>
    public async Task<PolledMessages?> PollFilter(string contentTopic, CancellationToken cancellation)
    {
        var answer = await connection.SendOnce(
            HttpMethod.Get,
            "filter/v2/messages/" + Uri.EscapeDataString(contentTopic),
            null,
            cancellation
        );
        if (answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound)
            return null;
        if (!answer.IsOk)
            throw Refused("to give its messages", answer, "Look at the node's log.");
        return ReadMessages(answer);
    }
}
