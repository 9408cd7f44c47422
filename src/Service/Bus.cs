using EventArchive.Handlers;
using MassTransit;

namespace EventArchive.Service;

/// <summary>The bus on the configured transport. The same endpoints, the same consumers.</summary>
public static class Bus
{
    /// <summary>Messages a consumer holds unacknowledged at a time.</summary>
    private const int Prefetch = 32;

    /// <summary>Where the broker puts what it delivered <see cref="BusEndpoints.DeliveryLimit"/> times in vain.</summary>
    private const string DeadLetters = "eventarchive-dead-letters";

    public static IServiceCollection AddBus(this IServiceCollection services, BusOptions options)
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
                    bus.UsingRabbitMq((context, rabbit) => ConfigureRabbitMq(context, rabbit, new Uri(options.Uri)));
                    break;
                default:
                    bus.UsingInMemory((context, memory) => ConfigureInMemory(context, memory));
                    break;
            }
        });
    }

    private static void ConfigureInMemory(IBusRegistrationContext context, IInMemoryBusFactoryConfigurator memory)
    {
        memory.ReceiveEndpoint(BusEndpoints.CommandQueue, endpoint => endpoint.ConfigureCommands(context));
        memory.ReceiveEndpoint(BusEndpoints.ReactorQueue, endpoint => endpoint.ConfigureReactors(context));
    }

    private static void ConfigureRabbitMq(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, Uri uri)
    {
        rabbit.Host(uri, host => host.PublisherConfirmation = true);
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
    }

    private static void Quorum(IRabbitMqReceiveEndpointConfigurator endpoint)
    {
        endpoint.SetQuorumQueue();
        endpoint.PrefetchCount = Prefetch;
        endpoint.SetQueueArgument("x-delivery-limit", BusEndpoints.DeliveryLimit);
        // Without a dead-letter exchange the broker drops what reaches the limit.
        endpoint.BindDeadLetterQueue(DeadLetters, DeadLetters, queue => queue.SetQuorumQueue());
    }
}
