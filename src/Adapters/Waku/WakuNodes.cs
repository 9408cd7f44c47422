using System.Collections.Concurrent;
using EventArchive.Handlers;
using EventArchive.Model;

namespace EventArchive.Waku;

/// <summary>All nodes of the deployment. A message goes to the first that takes it, and one that is away is passed over until it is back.</summary>
public sealed class WakuNodes
{
    private static readonly TimeSpan ConfirmPoll = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<Uri, AwayNode> away = new();
    private readonly WakuOptions options;
    private readonly TimeProvider time;

    /// <param name="http">As for <see cref="NwakuClient"/>.</param>
    public WakuNodes(HttpClient http, WakuOptions options, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        All = [.. options.AllNodes.Distinct().Select(address => new NwakuClient(http, options, time, address))];
        // A node that is listened to and asked is one node: one breaker, one connection.
        Stores =
        [
            .. options
                .AllStores.Distinct()
                .Select(address => All.FirstOrDefault(node => node.Address == address) ?? new NwakuClient(http, options, time, address)),
        ];
    }

    public IReadOnlyList<NwakuClient> All { get; }

    /// <summary>Those that are asked for what was missed.</summary>
    public IReadOnlyList<NwakuClient> Stores { get; }

    /// <summary>Through which nothing can be heard at present, as far as somebody listens.</summary>
    public IReadOnlyList<AwayNode> Away => [.. All.Select(node => away.GetValueOrDefault(node.Address)).OfType<AwayNode>()];

    /// <summary>Nodes are configured, and all of them are away. Where none is named there may be none.</summary>
    public bool AllAway => options.NamesNodes && All.All(node => away.ContainsKey(node.Address));

    internal void NoteAway(NwakuClient node, string reason) =>
        away.AddOrUpdate(node.Address, new AwayNode(node.Address, time.GetUtcNow(), reason), (_, known) => known with { Reason = reason });

    internal void NoteBack(NwakuClient node) => away.TryRemove(node.Address, out _);

    /// <summary>
    /// Returns when a node has taken the message and, where that is wished, a store has it. Sending the same message again does no harm.
    /// </summary>
    /// <returns>The node that took it.</returns>
    /// <exception cref="WakuException">No node took it, or no store has it; the message says why of each.</exception>
    public async Task<Uri> Send(PubsubTopic topic, WakuMessage message, CancellationToken cancellation)
    {
        List<string> faults = [];
        foreach (var node in All.OrderBy(node => node.IsBroken))
        {
            if (!await TrySend(node, topic, message, faults, cancellation))
                continue;
            if (options.ConfirmInStore && options.StoreNodes.Count > 0)
                await Confirm(node, topic, message, cancellation);
            return node.Address;
        }
        throw new WakuException(string.Join(' ', faults));
    }

    private async Task<bool> TrySend(
        NwakuClient node,
        PubsubTopic topic,
        WakuMessage message,
        List<string> faults,
        CancellationToken cancellation
    )
    {
        try
        {
            if (options.RequireRelayPeers && await node.Health(cancellation) is { IsAlone: true })
                throw new WakuException(
                    $"The Waku node at {node.Address} has no peers, so nobody would hear the message. Connect it to the network, or set Waku:RequireRelayPeers to false."
                );
            await PublishOrPush(node, topic, message, cancellation);
            return true;
        }
        catch (WakuException fault)
        {
            faults.Add(fault.Message);
            return false;
        }
    }

    private static async Task PublishOrPush(NwakuClient node, PubsubTopic topic, WakuMessage message, CancellationToken cancellation)
    {
        try
        {
            await node.Publish(topic, message, cancellation);
        }
        catch (WakuException refused) when (!node.IsBroken)
        {
            try
            {
                await node.Push(topic, message, cancellation);
            }
            catch (WakuException second)
            {
                throw new WakuException($"{refused.Message} {second.Message}", second);
            }
        }
    }

    private async Task Confirm(NwakuClient node, PubsubTopic topic, WakuMessage message, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        var reason = "none of them has it";
        do
        {
            foreach (var store in Stores)
            {
                try
                {
                    if (await store.Has(topic, message, cancellation))
                        return;
                }
                catch (WakuException fault)
                {
                    reason = fault.Message;
                }
            }
            await Task.Delay(ConfirmPoll, time, cancellation);
        } while (time.GetElapsedTime(begun) < options.ConfirmTimeout);
        throw new WakuException(
            $"The Waku node at {node.Address} took the message, and no store was seen to have it within {options.ConfirmTimeout.TotalSeconds:0.#} s: {reason} Look at the nodes in Waku:StoreNodes, or set Waku:ConfirmInStore to false."
        );
    }
}
