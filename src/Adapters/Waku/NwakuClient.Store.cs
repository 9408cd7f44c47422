using System.Runtime.CompilerServices;
using System.Text.Json;
using EventArchive.EventStore;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>Store version 3.</summary>
public sealed partial class NwakuClient
{
    /// <summary>nwaku gives at most 100 messages at a time.</summary>
    private const int StorePage = 100;

    /// <summary>One page of what the node's store, or the store it asks, holds.</summary>
    /// <param name="cursor">Of the page before; null: the first.</param>
    public async Task<StoredMessages> Query(StoreQuery query, string? cursor, CancellationToken cancellation)
    {
        var answer = await Accepted(
            connection.Send(HttpMethod.Get, query.ToPath(StorePage, cursor), null, cancellation),
            refusal => Refused("to ask a store", refusal, "Run it with --store=true, or name it a --storenode.")
        );
        return ReadPage(answer);
    }

    /// <summary>All pages. A store that turns in a circle, or gives more than <paramref name="maxPages"/>, is a faulty one.</summary>
    public async IAsyncEnumerable<StoredMessages> QueryAll(
        StoreQuery query,
        int maxPages,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        HashSet<string> cursors = [];
        string? cursor = null;
        do
        {
            var page = await Query(query, cursor, cancellation);
            yield return page;
            cursor = page.Cursor;
            if (cursor is not null && (!cursors.Add(cursor) || cursors.Count >= maxPages))
                throw new WakuException($"The store behind {Address} gives pages without end. Ask another one: set Waku:StoreNodes.");
        } while (cursor is not null);
    }

    /// <summary>Whether the store has the message.</summary>
    public async Task<bool> Has(PubsubTopic topic, WakuMessage message, CancellationToken cancellation)
    {
        var answer = await Accepted(
            connection.Send(
                HttpMethod.Get,
                $"store/v3/messages?includeData=true&hashes={Hex.Encode(message.Hash(topic))}",
                null,
                cancellation
            ),
            refusal => Refused("to ask a store", refusal, "Run it with --store=true, or name it a --storenode.")
        );
        // The hash is computed here: what else it may give is not the message.
        return ReadPage(answer).Messages.Any(stored => stored.Hash(topic).AsSpan().SequenceEqual(message.Hash(topic)));
    }

    private StoredMessages ReadPage(NodeAnswer answer)
    {
        try
        {
            var page = NwakuJson.ReadPage(answer.Body);
            return page.Refusal is { } reason
                ? throw new WakuException(
                    $"The store behind {Address} refused: {reason}. Look at its log, or ask another one: set Waku:StoreNodes."
                )
                : page;
        }
        catch (JsonException fault)
        {
            throw new WakuException($"The store behind {Address} answers in a form that is not nwaku's.", fault);
        }
    }
}
