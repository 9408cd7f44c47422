using EventArchive.Handlers;
using RabbitMQ.Client;

namespace EventArchive.Service;

/// <summary>
/// A node that handles no commands sends some: what it reports must find its queue also when no node that handles them was ever started. Declared as
/// the endpoint declares it; a difference would be refused by the broker.
/// </summary>
public sealed class DeclareCommandQueue(Uri broker) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = broker };
        await using var connection = await factory.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        await Declare(BusEndpoints.DeadLetters, new() { ["x-queue-type"] = "quorum" });
        await Declare(
            BusEndpoints.CommandQueue,
            new()
            {
                ["x-queue-type"] = "quorum",
                ["x-delivery-limit"] = BusEndpoints.DeliveryLimit,
                ["x-dead-letter-exchange"] = BusEndpoints.DeadLetters,
            }
        );

        async Task Declare(string name, Dictionary<string, object?> arguments)
        {
            await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
            await channel.QueueDeclareAsync(
                name,
                durable: true,
                exclusive: false,
                autoDelete: false,
                arguments,
                cancellationToken: cancellationToken
            );
            await channel.QueueBindAsync(name, name, routingKey: "", cancellationToken: cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
