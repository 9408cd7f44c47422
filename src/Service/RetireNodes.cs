using EventArchive.Handlers;
using EventArchive.Postgres;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace EventArchive.Service;

/// <summary>Takes a node that does not come back out of the deployment: its queue and exchange at the broker, and its rows.</summary>
public sealed class RetireNodes(NodeTorrents torrents, BusOptions bus)
{
    /// <param name="silentFor">Only if it has told nothing for so long: a node that lives is not retired.</param>
    /// <returns>False: it lives, or there is no such node.</returns>
    /// <exception cref="BrokerException">The broker does not answer, or refuses.</exception>
    public async Task<bool> Retire(string name, TimeSpan silentFor, CancellationToken cancellation)
    {
        if (!(await torrents.ListSilent(silentFor, cancellation)).Contains(name, StringComparer.Ordinal))
            return false;
        // First, so that a broker that is away leaves the row by which this is tried again.
        if (bus.Transport == BusTransport.RabbitMq)
            await RemoveFromBroker(BusEndpoints.SeederQueuePrefix + name, cancellation);
        return await torrents.Forget(name, silentFor, cancellation);
    }

    private async Task RemoveFromBroker(string queue, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await new ConnectionFactory { Uri = new Uri(bus.Uri) }.CreateConnectionAsync(cancellation);
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellation);
            await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false, cancellationToken: cancellation);
            await channel.ExchangeDeleteAsync(queue, ifUnused: false, cancellationToken: cancellation);
        }
        catch (Exception fault) when (fault is RabbitMQClientException or IOException)
        {
            throw new BrokerException(
                $"The broker did not remove {queue}: {fault.Message} Check that it runs and that Bus:Uri is right.",
                fault
            );
        }
    }
}

/// <summary>The broker did not do what was asked. The message says what to look at, and no address: that holds a password.</summary>
public sealed class BrokerException(string message, Exception inner) : Exception(message, inner);
