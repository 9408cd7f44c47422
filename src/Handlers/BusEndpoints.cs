using EventArchive.Commands;
using EventArchive.Domain;
using EventArchive.Events;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace EventArchive.Handlers;

/// <summary>What hangs on which queue, the same on every transport.</summary>
public static class BusEndpoints
{
    public const string CommandQueue = "eventarchive-commands";
    public const string ReactorQueue = "eventarchive-reactors";

    /// <summary>Before a node's name: the queue that wakes its seeder.</summary>
    public const string SeederQueuePrefix = "eventarchive-seeder-";

    /// <summary>Messages in a seeder's queue; the oldest gives way. What was not told is found in the projection.</summary>
    public const int SeederQueueLength = 1000;

    /// <summary>Where the broker puts what it delivered <see cref="DeliveryLimit"/> times in vain.</summary>
    public const string DeadLetters = "eventarchive-dead-letters";

    /// <summary>Tries of one delivery in memory, with growing delay, before it is dead-lettered to QUEUE_error.</summary>
    public const int RetryLimit = 8;

    /// <summary>Deliveries of a message whose consumer dies with the process, before the broker dead-letters it.</summary>
    public const int DeliveryLimit = 5;

    // The exchange in front of the queue: an address of the queue itself would declare it again, without its arguments, and the broker
    // refuses that.
    public static readonly Uri Commands = new($"exchange:{CommandQueue}");

    private const int Partitions = 16;

    /// <summary>Every command of the contract with its consumer. Reports are none: one that arrives here is handled by nobody.</summary>
    private static readonly IReadOnlyList<CommandRoute> Routes =
    [
        Route<EnableHistoryArchives>(),
        Route<ChangeChannels>(),
        Route<CreateArchive>(),
        Route<AnnounceArchive>(),
        Route<ReceiveMagnetlink>(),
        Route<RestoreArchive>(),
    ];

    public static IReadOnlyList<Type> CommandTypes { get; } = [.. Routes.Select(route => route.Command)];

    public static void AddEventArchiveConsumers(this IBusRegistrationConfigurator bus)
    {
        foreach (var route in Routes)
            route.AddConsumer(bus);
        bus.AddConsumer<CutArchives>();
        bus.AddConsumer<SeedTorrents>();
        bus.AddConsumer<SignAnnouncements>();
        bus.AddConsumer<SendAnnouncements>();
        bus.AddConsumer<DownloadArchives>();
        bus.AddConsumer<ImportArchives>();
        bus.AddConsumer<WakeSeeder>();
    }

    public static void ConfigureCommands(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.ConfigureConsumeTopology = true;
        endpoint.UseMessageRetry(ShortRetries);
        // Commands of one community run one after another on this node; between nodes the expected version decides.
        var partitioner = endpoint.CreatePartitioner(Partitions);
        foreach (var route in Routes)
            route.Configure(endpoint, context, partitioner);
    }

    public static void ConfigureReactors(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.UseMessageRetry(ShortRetries);
        endpoint.ConfigureConsumer<CutArchives>(context);
        endpoint.ConfigureConsumer<SeedTorrents>(context);
        endpoint.ConfigureConsumer<SignAnnouncements>(context);
        endpoint.ConfigureConsumer<SendAnnouncements>(context);
        endpoint.ConfigureConsumer<DownloadArchives>(context);
        endpoint.ConfigureConsumer<ImportArchives>(context);
    }

    public static void ConfigureSeeder(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context) =>
        endpoint.ConfigureConsumer<WakeSeeder>(context);

    /// <summary>Publishes a committed event; its message id is the event's id, so that receivers can drop repeats.</summary>
    public static Task PublishEvent(this IBus bus, RecordedEvent recorded, CancellationToken cancellation) =>
        bus.Publish(
            recorded.Event,
            recorded.Event.GetType(),
            context =>
            {
                context.MessageId = recorded.Id;
                context.CorrelationId = recorded.CorrelationId;
                context.InitiatorId = recorded.CausationId;
                context.Headers.Set("seq", recorded.Seq);
                context.Headers.Set("stream", recorded.StreamId);
                context.Headers.Set("version", recorded.Version);
                context.Headers.Set("type", StoredName.Of(recorded.Event.GetType()));
            },
            cancellation
        );

    private static CommandRoute Route<TCommand>()
        where TCommand : class, ICommand =>
        new(
            typeof(TCommand),
            bus => bus.AddConsumer<CommandConsumer<TCommand>>(),
            (endpoint, context, partitioner) =>
                endpoint.ConfigureConsumer<CommandConsumer<TCommand>>(
                    context,
                    consumer =>
                        consumer.Message<TCommand>(message =>
                            message.UsePartitioner(
                                partitioner,
                                consumed => consumed.Message.CommunityId?.ToString() ?? "",
                                System.Text.Encoding.UTF8
                            )
                        )
                )
        );

    private static void ShortRetries(IRetryConfigurator retry)
    {
        retry.Exponential(RetryLimit, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(200));
        // A fault that a retry would follow is held back until the last one; that of a refusal goes out at once.
        retry.Ignore<CommandRefused>();
    }

    private sealed record CommandRoute(
        Type Command,
        Action<IBusRegistrationConfigurator> AddConsumer,
        Action<IReceiveEndpointConfigurator, IBusRegistrationContext, IPartitioner> Configure
    );
}
