using System.Text.Json;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>
/// The part of nwaku's REST API that is needed here (read from nwaku 0.37), for one node. Every call fails with a <see cref="WakuException"/>
/// that says what to do; nothing longer than <see cref="WakuOptions.MaxBodyBytes"/> is read. Safe for many threads.
/// </summary>
public sealed partial class NwakuClient
{
    private readonly NodeConnection connection;

    /// <param name="http">Without a time-out, proxy or redirects of its own: <see cref="WakuServices.NewHttpClient"/>.</param>
    /// <param name="address">Where the node's REST calls are; null: the first of the options.</param>
    public NwakuClient(HttpClient http, WakuOptions options, TimeProvider time, Uri? address = null) =>
        connection = new NodeConnection(http, address ?? options.AllNodes[0], options, time);

    public Uri Address => connection.Address;

    /// <summary>The node gave no answer of late and is left alone for a while.</summary>
    public bool IsBroken => connection.IsBroken;

    /// <summary>What the node says of itself; null when it has no such report.</summary>
    public async Task<NodeHealth?> Health(CancellationToken cancellation)
    {
        var answer = await connection.Send(HttpMethod.Get, "health", null, cancellation);
        if (!answer.IsOk)
            return null;
        try
        {
            return NwakuJson.ReadHealth(answer.Body);
        }
        catch (JsonException)
        {
            // Older nodes answer with a sentence.
            return null;
        }
    }

    /// <summary>How many peers the node is connected to; null when it does not say, which it does only with --rest-admin=true.</summary>
    public async Task<int?> Peers(CancellationToken cancellation)
    {
        var answer = await connection.Send(HttpMethod.Get, "admin/v1/peers/connected", null, cancellation);
        if (!answer.IsOk)
            return null;
        try
        {
            return NwakuJson.CountPeers(answer.Body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<NodeAnswer> Accepted(Task<NodeAnswer> asking, Func<NodeAnswer, WakuException> refused)
    {
        var answer = await asking;
        return answer.IsOk ? answer : throw refused(answer);
    }

    private WakuException Refused(string what, NodeAnswer answer, string advice) =>
        new($"The Waku node at {Address} refused {what}: {(int)answer.Status} {answer.Reason}. {advice}");

    private PolledMessages ReadMessages(NodeAnswer answer)
    {
        try
        {
            var (messages, unreadable) = NwakuJson.ReadMessages(answer.Body);
            return new PolledMessages(messages, unreadable);
        }
        catch (JsonException fault)
        {
            throw new WakuException($"What answers at {Address} does not speak nwaku's REST API. Set Waku:Node to a Waku node.", fault);
        }
    }
}
