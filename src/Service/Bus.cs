using EventArchive.Handlers;
using MassTransit;

namespace EventArchive.Service;

/// <summary>The bus on the configured transport. The same endpoints, the same consumers.</summary>
public static class Bus
{
    /// <summary>Messages a consumer holds unacknowledged at a time.</summary>
    private const int Prefetch = 32;

    public static IServiceCollection AddBus(this IServiceCollection services, BusOptions options, NodeOptions node)
    {
        services.Configure<MassTransitHostOptions>(host =>
        {
            // Without it, what is published right after the start is lost.
            host.WaitUntilStarted = true;
            host.StopTimeout = TimeSpan.FromSeconds(10);
        });
        return services.AddMassTransit(bus =>
        {
            bus.AddEventArchiveConsumers();
            switch (options.Transport)
            {
                case BusTransport.RabbitMq:
                    bus.UsingRabbitMq((context, rabbit) => ConfigureRabbitMq(context, rabbit, new Uri(options.Uri), node));
                    break;
                default:
                    bus.UsingInMemory((context, memory) => ConfigureInMemory(context, memory, node));
                    break;
            }
        });
    }

    private static void ConfigureInMemory(IBusRegistrationContext context, IInMemoryBusFactoryConfigurator memory, NodeOptions node)
    {
        memory.ReceiveEndpoint(BusEndpoints.CommandQueue, endpoint => endpoint.ConfigureCommands(context));
        memory.ReceiveEndpoint(BusEndpoints.ReactorQueue, endpoint => endpoint.ConfigureReactors(context));
        memory.ReceiveEndpoint(BusEndpoints.SeederQueuePrefix + node.Name, endpoint => endpoint.ConfigureSeeder(context));
    }

    private static void ConfigureRabbitMq(
        IBusRegistrationContext context,
        IRabbitMqBusFactoryConfigurator rabbit,
        Uri uri,
        NodeOptions node
    )
    {
        rabbit.Host(uri, host => host.PublisherConfirmation = true);
        if (node.Has(NodeRoles.Api))
            rabbit.ReceiveEndpoint(
                BusEndpoints.CommandQueue,
                endpoint =>
                {
                    Quorum(endpoint);
                    endpoint.ConfigureCommands(context);
                }
            );
        rabbit.ReceiveEndpoint(
            BusEndpoints.ReactorQueue,
            endpoint =>
            {
                Quorum(endpoint);
                endpoint.ConfigureReactors(context);
            }
        );
        if (node.Has(NodeRoles.Seeder))
            rabbit.ReceiveEndpoint(
                BusEndpoints.SeederQueuePrefix + node.Name,
                endpoint =>
                {
                    WakesOneNode(endpoint, node.QueueExpiry);
                    endpoint.ConfigureSeeder(context);
                }
            );
    }

    private static void Quorum(IRabbitMqReceiveEndpointConfigurator endpoint)
    {
        endpoint.SetQuorumQueue();
        endpoint.PrefetchCount = Prefetch;
        endpoint.SetQueueArgument("x-delivery-limit", BusEndpoints.DeliveryLimit);
        // Without a dead-letter exchange the broker drops what reaches the limit.
        endpoint.BindDeadLetterQueue(BusEndpoints.DeadLetters, BusEndpoints.DeadLetters, queue => queue.SetQuorumQueue());
    }

    /// <summary>
    /// Whatever is in the queue may be lost, and the queue with it: it never grows, and goes when its node stays away. It is not the connection's
    /// own: after a reconnect the broker may still see the former connection, and would lock this one out.
    /// </summary>
    private static void WakesOneNode(IRabbitMqReceiveEndpointConfigurator endpoint, TimeSpan expiry)
    {
        endpoint.PrefetchCount = Prefetch;
        endpoint.QueueExpiration = expiry;
        endpoint.SetQueueArgument("x-max-length", BusEndpoints.SeederQueueLength);
        endpoint.DiscardFaultedMessages();
        endpoint.DiscardSkippedMessages();
    }
}
